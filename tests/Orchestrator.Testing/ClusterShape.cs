namespace Orchestrator.Testing;

/// <summary>How many of each service a cluster starts with.</summary>
public sealed record ClusterShape
{
    public int Schedulers { get; init; } = 1;
    public int Apis { get; init; } = 1;
    public int HealthMonitors { get; init; } = 1;

    /// <summary>Real agents.</summary>
    public int Agents { get; init; } = 1;

    /// <summary>Each agent on a node of it; null: all on this machine's one engine.</summary>
    public Lab? Lab { get; init; }

    /// <summary>Options that every service gets: <c>Scheduler__SweepInterval</c>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Options of one agent, by its number from 1.</summary>
    public Func<int, IReadOnlyDictionary<string, string>> OfAgent { get; init; } = _ => new Dictionary<string, string>();
}
