namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Three schedulers that also move tasks of their own accord, with a few nodes that run nothing.</summary>
[CollectionDefinition(nameof(WithRebalancingSchedulers))]
public sealed class WithRebalancingSchedulers() : SceneFixture(new ClusterShape { Schedulers = 3, Agents = 0, Options = Restless }), ICollectionFixture<WithRebalancingSchedulers>
{
    public const int Nodes = 10;
    public const int Cpus = 8;

    private static Dictionary<string, string> Restless => new(Impatient)
    {
        ["Scheduler__Rebalance"] = "true",
        ["Scheduler__RebalanceThreshold"] = "0.2",
        ["Scheduler__RebalanceMovesPerHour"] = "1000",
        ["Scheduler__RebalanceInterval"] = "00:00:01",
    };

    protected override Task PrepareAsync(Scene scene) => scene.SimulateAsync(Nodes, Cpus);
}
