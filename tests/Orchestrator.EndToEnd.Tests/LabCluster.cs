using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>A cluster of two nodes, each with a machine's network of its own, and two applications on it: shop with a task of web on each node, bank with one task.</summary>
public sealed class LabCluster : LabClusterFixture
{
    private const string Busybox = "/bin/busybox";

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
    public async Task<IReadOnlyDictionary<int, LabTask>> TasksAsync(string app, string service = "web")
    {
        var rows = JsonSerializer.Deserialize<JsonElement>((await Lab.OrchAsync("ps", app + "/" + service, "--json")).OutputOrThrow());
        var tasks = rows.EnumerateArray().Where(row => row.GetProperty("ready").GetBoolean())
            .Select(row => (Node: int.Parse(row.GetProperty("node").GetString()![4..], System.Globalization.CultureInfo.InvariantCulture), Container: row.GetProperty("containerId").GetString()!));
        return (await Task.WhenAll(tasks.Select(async task => new LabTask(task.Node, task.Container, await AddressAsync(task.Node, task.Container))))).ToDictionary(task => task.Node);
    }

    /// <summary>A busybox command in a container, for at most some seconds.</summary>
    public Task<ShellResult> InAsync(LabTask task, int seconds, params IEnumerable<string> command) =>
        Lab.TryAsync(["exec", $"{task.Node}", "docker", "exec", task.Container, Busybox, "timeout", $"{seconds}", Busybox, .. command]);

    /// <returns>The page, or why there is none.</returns>
    public async Task<string> GetAsync(LabTask from, string address)
    {
        var result = await InAsync(from, 3, "wget", "-q", "-O", "-", $"http://{address}/");
        return result.ExitCode == 0 ? result.Output.Trim() : "none: " + result.Error.Trim();
    }

    private Task<string> AddressAsync(int node, string container) =>
        Lab.DockerAsync(node, "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container);

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
