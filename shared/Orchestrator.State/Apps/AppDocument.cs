using Orchestrator.Contracts;

namespace Orchestrator.State;

/// <summary>
/// What is wanted of one application: the commit point of every command about it. One compare-and-set on this document
/// sets which revisions are wanted, the last order taken and the answer.
/// </summary>
public sealed record AppDocument
{
    /// <summary>The application's name.</summary>
    public required string Id { get; init; }

    public long Version { get; init; }

    /// <summary>The order of the newest command taken about the application as a whole. See <see cref="WantedService"/> for those about one service.</summary>
    public long LastOrder { get; init; }

    /// <summary>How many commands were taken.</summary>
    public long Taken { get; init; }

    /// <summary>By service name. Empty after removal: the document stays, so that older commands are known as older.</summary>
    public IReadOnlyDictionary<string, WantedService> Wanted { get; init; } = new Dictionary<string, WantedService>();

    /// <summary>Services once wanted whose tasks may still run, by service id.</summary>
    public IReadOnlyList<string> Leaving { get; init; } = [];

    /// <summary>Where its volumes are, by name. They stay when services go, as their data do.</summary>
    public IReadOnlyDictionary<string, AppVolume> Volumes { get; init; } = new Dictionary<string, AppVolume>();

    /// <summary>Answers given in the same write as the change they answer, not yet published.</summary>
    public IReadOnlyList<CommandAnswer> Outbox { get; init; } = [];

    /// <summary>Set in the write that changed something; cleared when services follow it.</summary>
    public DateTimeOffset? DirtySince { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}
