namespace Orchestrator.State;

/// <summary>A running task that is to be replaced by one on another node.</summary>
/// <param name="ToNodeId">Null: any.</param>
/// <param name="At">When that was decided.</param>
/// <param name="Reason">For people.</param>
public sealed record TaskMove(string? ToNodeId, DateTimeOffset At, string Reason);
