using Orchestrator.Scheduler.Domain.Placement.Explain;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>What became of tasks that asked for a node.</summary>
internal sealed record PlacementOutcome
{
    public static readonly PlacementOutcome Nothing = new();

    /// <summary>By task id, of each that found one.</summary>
    public IReadOnlyDictionary<string, string> NodeOf { get; init; } = new Dictionary<string, string>();

    /// <summary>By task id, of the first that found one.</summary>
    public IReadOnlyDictionary<string, Explanation> Explanations { get; init; } = new Dictionary<string, Explanation>();

    /// <summary>By task id, of those for which others are to leave.</summary>
    public IReadOnlyDictionary<string, TaskNomination> Nominations { get; init; } = new Dictionary<string, TaskNomination>();

    /// <summary>Why the others found none, for people.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    public Explanation? Waiting { get; init; }

    /// <summary>What became of those that were left over.</summary>
    public PlacementOutcome With(PlacementOutcome rest) => rest with
    {
        NodeOf = NodeOf.Concat(rest.NodeOf).ToDictionary(),
        Explanations = Explanations.Concat(rest.Explanations).ToDictionary(),
    };
}
