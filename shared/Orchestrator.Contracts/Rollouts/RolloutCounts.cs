namespace Orchestrator.Contracts;

/// <summary>What the reconciler saw of a rollout.</summary>
public sealed record RolloutCounts
{
    public int Replicas { get; init; }

    /// <summary>Slots with a ready task, of whatever revision.</summary>
    public int Ready { get; init; }

    /// <summary>Slots with a live task of the revision's template.</summary>
    public int New { get; init; }

    /// <summary>Of these: ready for long enough.</summary>
    public int Done { get; init; }

    /// <summary>Live tasks of other templates.</summary>
    public int Old { get; init; }

    /// <summary>Tasks of this revision that failed.</summary>
    public int Failed { get; init; }

    /// <summary>Tasks of this revision there ever were; none: nothing had to be replaced.</summary>
    public int Started { get; init; }

    /// <summary>Every slot has one task of the template, done or rightly ended, and no other.</summary>
    public bool Converged { get; init; }

    /// <summary>A slot's attempts fail one after another.</summary>
    public bool Stuck { get; init; }

    /// <summary>The services that it depends on have not got so far.</summary>
    public bool WaitsForOthers { get; init; }

    /// <summary>Of the last failure, or why tasks wait.</summary>
    public string? Reason { get; init; }
}
