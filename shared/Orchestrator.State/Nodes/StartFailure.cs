namespace Orchestrator.State;

/// <summary>A container that failed to come up.</summary>
public sealed record StartFailure(string ServiceId, DateTimeOffset At);
