namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>The containers of one application as the engine tells them.</summary>
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

    /// <returns>When each running one was started, by its id.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> StartsAsync(Cluster cluster, string app)
    {
        var ids = await ListAsync(cluster, app);
        return ids.Count == 0
            ? new Dictionary<string, string>()
            : (await Engine.RunAsync(["inspect", "-f", "{{.Id}} {{.State.StartedAt}}", .. ids])).Split('\n').Select(line => line.Split(' ')).ToDictionary(pair => pair[0], pair => pair[1]);
    }
}
