namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>What a placed task holds on its node. All tasks of a group share one.</summary>
public sealed record Claim
{
    public const int DefaultPriority = 50;

    /// <summary>The service, by a key of the whole cluster; empty where it is not known.</summary>
    public string Service { get; init; } = "";

    public required Demand Demand { get; init; }

    /// <summary>0–100; more is more important.</summary>
    public int Priority { get; init; } = DefaultPriority;

    /// <summary>May be stopped for a more important task.</summary>
    public bool MayBePreempted { get; init; } = true;

    public IReadOnlyList<HostPort> Ports { get; init; } = [];

    /// <returns>What it holds on this node: of what it wants all of, as many as there are.</returns>
    public Claim On(NodeSnapshot node) => Demand.Generic.Count == 0 || !Demand.Generic.Values.Contains(Demand.AllThereAre) ? this : this with
    {
        Demand = Demand with
        {
            Generic = Demand.Generic.ToDictionary(pair => pair.Key, pair => pair.Value == Demand.AllThereAre ? node.Generic.GetValueOrDefault(pair.Key) : pair.Value, StringComparer.Ordinal),
        },
    };
}
