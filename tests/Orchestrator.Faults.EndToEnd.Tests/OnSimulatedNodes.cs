namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>One of each service, with nodes that take their time and run nothing.</summary>
public sealed class OnSimulatedNodes() : SceneFixture(new ClusterShape { Agents = 0, Options = Impatient })
{
    private const int Nodes = 20;

    protected override async Task PrepareAsync(Scene scene)
    {
        await scene.SimulateAsync(Nodes, cpus: 16);
        scene.Nodes!.Pace = TimeSpan.FromMilliseconds(100);
    }
}
