namespace Orchestrator.Contracts;

/// <summary>The health monitor to itself: what comes back proves that heartbeats can be heard. Not persistent, worthless after a moment.</summary>
[MessageName("orchestrator.signals.monitor-echo")]
public sealed record MonitorEcho
{
    /// <summary>The instance that sent it; others leave it alone.</summary>
    public required string InstanceId { get; init; }

    public required long Number { get; init; }
}
