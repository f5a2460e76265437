namespace Orchestrator.HealthMonitor.Domain.Nodes;

/// <summary>How long a node may be silent. The first three count from the last heartbeat and are at least so many heartbeats long.</summary>
public sealed record NodeLivenessThresholds
{
    public static readonly TimeSpan DefaultSuspectAfter = TimeSpan.FromSeconds(1.5);
    public static readonly TimeSpan DefaultUnreachableAfter = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan DefaultLostAfter = TimeSpan.FromSeconds(3.5);
    public static readonly TimeSpan DefaultDownAfter = TimeSpan.FromHours(24);
    public static readonly TimeSpan DefaultReconnectGrace = TimeSpan.FromSeconds(60);

    /// <summary>A node that beats slowly is not silent between two beats.</summary>
    public const int BeatsToMiss = 3;
    private const int AttemptsToReconnect = 2;

    public TimeSpan SuspectAfter { get; init; } = DefaultSuspectAfter;
    public TimeSpan UnreachableAfter { get; init; } = DefaultUnreachableAfter;
    public TimeSpan LostAfter { get; init; } = DefaultLostAfter;

    /// <summary>How long it may be lost.</summary>
    public TimeSpan DownAfter { get; init; } = DefaultDownAfter;

    /// <summary>The most that a node gets to connect again after a time in which nothing could be heard.</summary>
    public TimeSpan ReconnectGrace { get; init; } = DefaultReconnectGrace;

    /// <returns>What a node gets to connect again after so long a time in which nothing could be heard.</returns>
    public TimeSpan TimeToReconnect(TimeSpan after)
    {
        var attempts = after * AttemptsToReconnect;
        return attempts < ReconnectGrace ? attempts : ReconnectGrace;
    }
}
