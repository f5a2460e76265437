using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>
/// Ten replicas go over to another revision, two at a time, start-first, with a health check: from the deploy until all new ones are
/// ready and no old one is left, the watch at the end not counted. Against a raw client that starts, waits for the same check and
/// stops on the engine's API, and against Docker Swarm where the engine is in one.
/// </summary>
internal static class Rollout
{
    public const string Image = "orch-bench:1";
    private const string Name = "rollout";
    private const int Replicas = 10;
    private const int Parallelism = 2;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var rounds = options is ["--rounds", var text] ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 3;
        if (!Engine.IsThere)
        {
            await Console.Error.WriteLineAsync(Engine.Missing);
            return false;
        }

        await Engine.ImageAsync(1);
        await WithShellAsync();
        await using var node = await SingleNode.StartAsync();
        var version = 1;
        await node.Api.DeployAsync("bench", Compose(version));
        var like = await Engine.InspectAsync((await node.Api.RunningAsync("bench", "idle", Replicas))[0].Text("containerId"));
        await node.Api.ConvergedAsync("bench", "idle", Deadline);
        using var raw = new RawEngine();
        var (ours, completed, physics, swarm) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var old = await raw.StartAsync(like, Replicas, Parallelism);
        await using var service = await SwarmService.TryCreateAsync(Replicas, Parallelism);
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                foreach (var side in "ABBA")
                {
                    if (side == 'A')
                    {
                        var (replaced, told) = await OursAsync(node.Api, ++version);
                        ours.Add(replaced);
                        completed.Add(told);
                    }
                    else
                    {
                        (old, var took) = await raw.ReplaceAsync(like, old, Parallelism);
                        physics.Add(took.TotalSeconds);
                        if (service is not null)
                        {
                            swarm.Add((await service.UpdateAsync(round)).TotalSeconds);
                        }
                    }
                }
            }
        }
        finally
        {
            await raw.RemoveAsync(old);
            await node.Api.RemoveAsync("bench");
            await node.Api.GoneAsync("bench");
        }

        return Print(ours, completed, physics, swarm);
    }

    /// <summary>Swarm's command line gives a health check to a shell, so all sides do, and the image needs one.</summary>
    private static async Task WithShellAsync() => (await Shell.RunAsync(
        "bash", ["-c", $"printf 'FROM orch-test:1\nCOPY --from=orch-test:1 /bin/busybox /bin/sh\n' | DOCKER_BUILDKIT=0 docker build -q -t {Image} -"])).OutputOrThrow();

    private static bool Print(List<double> ours, List<double> completed, List<double> physics, List<double> swarm)
    {
        new Figure(Name, "ours", Math.Round(Statistics.Median(ours), 2), "s", null, "lower").Print();
        new Figure(Name, "raw", Math.Round(Statistics.Median(physics), 2), "s", null, "lower").Print();
        new Figure(Name, "ours-completed", Math.Round(Statistics.Median(completed), 2), "s", null, "lower").Print();
        var met = new Figure(Name, "physics-ratio", Math.Round(Statistics.Median(ours) / Statistics.Median(physics), 3), "ratio", 1.15, "lower").Print();
        if (swarm.Count == 0)
        {
            Console.Error.WriteLine("the engine is in no swarm: swarm-ratio is left out; docker swarm init, and run it again");
            return met;
        }

        new Figure(Name, "swarm", Math.Round(Statistics.Median(swarm), 2), "s", null, "lower").Print();
        return new Figure(Name, "swarm-ratio", Math.Round(Statistics.Median(ours) / Statistics.Median(swarm), 3), "ratio", 0.95, "lower").Print() && met;
    }

    /// <returns>Seconds until all are replaced, and until it says that it is completed.</returns>
    private static async Task<(double Replaced, double Completed)> OursAsync(Api api, int version)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        var revision = (await api.DeployAsync("bench", Compose(version))).At("revisions").Text("idle");
        await Until.IsAsync(
            () => api.TasksAsync("bench", "idle"),
            tasks => tasks.Count == Replicas && tasks.All(task => task.Text("revision") == revision && task.Text("ready") == "true"),
            "all are replaced",
            Deadline);
        var replaced = time.GetElapsedTime(start).TotalSeconds;
        await api.ConvergedAsync("bench", "idle", Deadline);
        return (replaced, time.GetElapsedTime(start).TotalSeconds);
    }

    private static string Compose(int version) => $$"""
        services:
          idle:
            image: {{Image}}
            pull_policy: never
            command: ["-c", "trap 'exit 0' TERM; while :; do busybox sleep 600 & wait $$!; done # {{version}}"]
            stop_grace_period: 5s
            healthcheck: { test: [CMD-SHELL, "/bin/busybox true"], interval: 500ms, retries: 3 }
            deploy:
              replicas: {{Replicas}}
              update_config: { parallelism: {{Parallelism}}, order: start-first, monitor: 5s }
            x-orchestrator: { rollout: { min_healthy_time: 0s } }
        """;
}
