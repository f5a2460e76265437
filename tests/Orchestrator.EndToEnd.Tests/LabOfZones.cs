namespace Orchestrator.EndToEnd.Tests;

/// <summary>A cluster of three nodes, each as if a machine of its own: node1 and node2 in zone a, node3 in zone b.</summary>
public sealed class LabOfZones : LabClusterFixture
{
    protected override async Task<Lab> UpAsync(Mongo mongo) => await Lab.ClusterUpAsync(mongo, 3, await Engine.ImageAsync(1));

    protected override async Task FillAsync()
    {
        foreach (var (node, zone) in new[] { ("node1", "a"), ("node2", "a"), ("node3", "b") })
        {
            (await Lab.OrchAsync("node", "label", node, "zone=" + zone)).OutputOrThrow();
        }
    }
}
