namespace Orchestrator.Faults.EndToEnd.Tests;

/// <param name="Kind">What is done.</param>
/// <param name="Target">To which of several.</param>
/// <param name="Lasts">How long before it is undone.</param>
/// <param name="Pause">How long after the one before.</param>
internal sealed record ChaosStep(ChaosKind Kind, int Target, TimeSpan Lasts, TimeSpan Pause);
