namespace Orchestrator.HealthMonitor.Domain.Nodes;

/// <summary>How long a node may be silent. Each counts from the last heartbeat and is at least so many heartbeats long.</summary>
public sealed record NodeLivenessThresholds
{
    public static readonly TimeSpan DefaultSuspectAfter = TimeSpan.FromSeconds(1.5);
    public static readonly TimeSpan DefaultUnreachableAfter = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan DefaultLostAfter = TimeSpan.FromSeconds(3.5);
    public static readonly TimeSpan DefaultDownAfter = TimeSpan.FromHours(24);

    /// <summary>A node that beats slowly is not silent between two beats.</summary>
    public const int BeatsToMiss = 3;

    public TimeSpan SuspectAfter { get; init; } = DefaultSuspectAfter;
    public TimeSpan UnreachableAfter { get; init; } = DefaultUnreachableAfter;
    public TimeSpan LostAfter { get; init; } = DefaultLostAfter;
    public TimeSpan DownAfter { get; init; } = DefaultDownAfter;
}
