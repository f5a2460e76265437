namespace Orchestrator.State;

/// <summary>Which of several instances of a service does what only one may do.</summary>
public sealed record LeaseDocument
{
    /// <summary>What the lease is for.</summary>
    public required string Id { get; init; }

    /// <summary>Grows with each renewal.</summary>
    public long Version { get; init; }

    /// <summary>The instance that has it; null when it was given back.</summary>
    public string? Holder { get; init; }

    /// <summary>Grows each time it is taken: what was written under a smaller one is outdated.</summary>
    public required long Epoch { get; init; }

    /// <summary>By the holder's clock, for people: nothing is decided by it.</summary>
    public required DateTimeOffset RenewedAt { get; init; }
}
