namespace Orchestrator.NodeAgent.Domain.Network;

/// <param name="Hook">Where the kernel enters it; null: only other chains do.</param>
/// <param name="Rules">In order.</param>
public sealed record RuleChain(string? Hook, IReadOnlyList<string> Rules);
