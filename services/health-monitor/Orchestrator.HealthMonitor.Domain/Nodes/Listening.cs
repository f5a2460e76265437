namespace Orchestrator.HealthMonitor.Domain.Nodes;

/// <summary>How long heartbeats could be heard. A proof comes with each round; a round that comes late proves nothing of the time before it.</summary>
public sealed record Listening
{
    /// <summary>A round later than so many intervals was missed: the process stood still, or the broker was away.</summary>
    public const int RoundsToMiss = 3;

    /// <summary>Without a break, up to the last round.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How long the last break was. Nodes may have been cut off by the same cause and need time to come back.</summary>
    public TimeSpan DeafFor { get; init; }

    /// <param name="sinceLast">Time since the round before.</param>
    /// <param name="interval">When it was due.</param>
    public Listening Round(TimeSpan sinceLast, TimeSpan interval) =>
        sinceLast > interval * RoundsToMiss
            ? new Listening { DeafFor = sinceLast > StillDeafFor ? sinceLast : StillDeafFor }
            : this with { For = For + sinceLast };

    /// <summary>From here on again: who has just begun to decide gives everybody a full window.</summary>
    public Listening Anew() => new() { DeafFor = StillDeafFor };

    /// <summary>What of the last break is not made up for.</summary>
    private TimeSpan StillDeafFor => DeafFor > For ? DeafFor - For : TimeSpan.Zero;
}
