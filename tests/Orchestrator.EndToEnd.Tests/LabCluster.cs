using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>A cluster of two nodes, each with a machine's network of its own, and two applications on it: shop with a task of web on each node, bank with one task.</summary>
public sealed class LabCluster : LabClusterFixture
{
    /// <summary>A service <c>web</c> whose tasks are on different nodes.</summary>
    public static string Web(int replicas, string more = "") => $$"""
        services:
          web:
            image: orch-test:1
            pull_policy: never
            deploy:
              replicas: {{replicas}}
              placement: { max_replicas_per_node: 1 }
        {{more}}
        """;

    public async Task DeployAsync(string app, string compose)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, compose);
        (await Lab.OrchAsync("deploy", "-f", file, "--app", app, "--wait", "--timeout", "90s")).OutputOrThrow();
        File.Delete(file);
    }

    /// <returns>The tasks that are ready, by node.</returns>
    public async Task<IReadOnlyDictionary<int, LabTask>> TasksAsync(string app, string service = "web") =>
        await Lab.ReadyAsync((await Lab.OrchAsync("ps", app + "/" + service, "--json")).OutputOrThrow());

    // Agents are killed here and started again: their tasks shall stay, however slow the machine.
    protected override async Task<Lab> UpAsync(Mongo mongo) =>
        await Lab.ClusterUpAsync(mongo, 2, new Dictionary<string, string> { ["HealthMonitor__LostAfter"] = "00:02:00" }, await Engine.ImageAsync(1));

    protected override async Task FillAsync()
    {
        await DeployAsync("shop", Web(2));
        await DeployAsync("bank", Web(1));
    }
}

/// <summary>One for all classes that need no other.</summary>
[CollectionDefinition(nameof(WithLabCluster))]
public sealed class WithLabCluster : ICollectionFixture<LabCluster>;
