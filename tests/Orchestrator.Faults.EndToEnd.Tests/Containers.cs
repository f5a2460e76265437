namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>The containers of a cluster as engines tell them.</summary>
internal static class Containers
{
    public static string Compose(int replicas) => $$"""
        services:
          job:
            image: orch-test:1
            pull_policy: never
            command: ["-c", "trap 'exit 0' TERM; while :; do busybox sleep 60 & wait $$!; done"]
            stop_grace_period: 1s
            deploy: { replicas: {{replicas}}, resources: { reservations: { memory: 8m } } }
        """;

    public static Task<IReadOnlyList<string>> ListAsync(Cluster cluster, string app, bool all = false) =>
        Engine.ContainersAsync(all, "orchestrator.cluster=" + cluster.ClusterId, "orchestrator.app=" + app);

    /// <returns>Of all applications on all machines of the lab: the number of the node, and the id.</returns>
    public static async Task<IReadOnlyList<(int Node, string Id)>> OnLabAsync(Scene scene, bool all = false)
    {
        var nodes = Enumerable.Range(1, scene.Cluster.Agents.Count);
        var lists = await Task.WhenAll(nodes.Select(async node => (await scene.Lab!.ContainersAsync(node, all, "orchestrator.cluster=" + scene.Cluster.ClusterId)).Select(id => (node, id))));
        return [.. lists.SelectMany(list => list)];
    }

    /// <returns>When each running one was started, by its id.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> StartsAsync(Cluster cluster, string app)
    {
        var ids = await ListAsync(cluster, app);
        return ids.Count == 0
            ? new Dictionary<string, string>()
            : (await Engine.RunAsync(["inspect", "-f", "{{.Id}} {{.State.StartedAt}}", .. ids])).Split('\n').Select(line => line.Split(' ')).ToDictionary(pair => pair[0], pair => pair[1]);
    }
}
