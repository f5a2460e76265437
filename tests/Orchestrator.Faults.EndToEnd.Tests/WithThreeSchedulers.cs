namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Three schedulers, with a few nodes that run nothing.</summary>
[CollectionDefinition(nameof(WithThreeSchedulers))]
public sealed class WithThreeSchedulers() : SceneFixture(new ClusterShape { Schedulers = 3, Agents = 0, Options = Impatient }), ICollectionFixture<WithThreeSchedulers>
{
    public const int Nodes = 10;
    public const int Cpus = 8;

    protected override Task PrepareAsync(Scene scene) => scene.SimulateAsync(Nodes, Cpus);
}
