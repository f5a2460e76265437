namespace Orchestrator.Benchmarks;

/// <summary>Docker Swarm on the engines of the lab, beside our own cluster, with an overlay network that containers can be put into.</summary>
internal static class SwarmOnLab
{
    public const string Overlay = "bench-overlay";

    public static async Task UpAsync(Lab lab, int nodes)
    {
        var first = lab.Address(1);
        await lab.DockerAsync(1, ["swarm", "init", "--advertise-addr", first, "--data-path-port", "7789"]);
        var token = await lab.DockerAsync(1, ["swarm", "join-token", "-q", "worker"]);
        for (var node = 2; node <= nodes; node++)
        {
            await lab.DockerAsync(node, ["swarm", "join", "--token", token, first + ":2377"]);
        }

        await lab.DockerAsync(1, ["network", "create", "-d", "overlay", "--attachable", Overlay]);
    }

    public static async Task DownAsync(Lab lab, int nodes)
    {
        for (var node = nodes; node >= 1; node--)
        {
            await lab.DockerAsync(node, ["swarm", "leave", "--force"]);
        }
    }
}
