using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>
/// Ten replicas go over to another revision, two at a time, start-first, with a health check: from the deploy until all new ones are
/// ready and no old one is left, the watch at the end not counted. Against a raw client that starts, waits for the same check and
/// stops on the engine's API, and against Docker Swarm where the engine is in one. The sides take turns, and only the one whose turn
/// it is has containers: their health checks alone would keep a small machine busy.
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
        var rounds = new Options(options).Number("--rounds", 3);
        if (!Engine.IsThere)
        {
            await Console.Error.WriteLineAsync(Engine.Missing);
            return false;
        }

        await Engine.ImageAsync(1);
        await WithShellAsync();
        await using var node = await SingleNode.StartAsync();
        var like = await LikeAsync(node.Api);
        using var raw = new RawEngine();
        var inSwarm = await SwarmService.IsThereAsync();
        var (ours, completed, physics) = (new List<double>(), new List<double>(), new List<double>());
        var (swarm, swarmCompleted) = (new List<double>(), new List<double>());
        foreach (var side in Enumerable.Range(0, rounds).SelectMany(_ => "ORSSRO"))
        {
            switch (side)
            {
                case 'O':
                    var (replaced, told) = await OursAsync(node.Api);
                    ours.Add(replaced);
                    completed.Add(told);
                    break;
                case 'R':
                    physics.Add((await RawAsync(raw, like)).TotalSeconds);
                    break;
                case 'S' when inSwarm:
                    var (renewed, said) = await SwarmAsync(raw);
                    swarm.Add(renewed);
                    swarmCompleted.Add(said);
                    break;
            }
        }

        return Print(ours, completed, physics, swarm, swarmCompleted);
    }

    private static async Task<JsonElement> LikeAsync(Api api)
    {
        await api.DeployAsync("bench", Compose(1));
        var like = await Engine.InspectAsync((await api.RunningAsync("bench", "idle", Replicas))[0].Text("containerId"));
        await WithoutAsync(api);
        return like;
    }

    private static async Task<TimeSpan> RawAsync(RawEngine raw, JsonElement like)
    {
        var containers = await raw.StartAsync(like, Replicas, Parallelism);
        try
        {
            (containers, var took) = await raw.ReplaceAsync(like, containers, Parallelism);
            return took;
        }
        finally
        {
            await raw.RemoveAsync(containers);
        }
    }

    private static async Task<(double Replaced, double Completed)> SwarmAsync(RawEngine raw)
    {
        await using var service = await SwarmService.CreateAsync(raw, Replicas, Parallelism);
        return await service.UpdateAsync();
    }

    /// <summary>Swarm's command line gives a health check to a shell, so all sides do, and the image needs one.</summary>
    private static async Task WithShellAsync() => (await Shell.RunAsync(
        "bash", ["-c", $"printf 'FROM orch-test:1\nCOPY --from=orch-test:1 /bin/busybox /bin/sh\n' | DOCKER_BUILDKIT=0 docker build -q -t {Image} -"])).OutputOrThrow();

    private static bool Print(List<double> ours, List<double> completed, List<double> physics, List<double> swarm, List<double> swarmCompleted)
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
        new Figure(Name, "swarm-completed", Math.Round(Statistics.Median(swarmCompleted), 2), "s", null, "lower").Print();
        return new Figure(Name, "swarm-ratio", Math.Round(Statistics.Median(ours) / Statistics.Median(swarm), 3), "ratio", 0.95, "lower").Print() && met;
    }

    /// <returns>Seconds until all are replaced, and until it says that it is completed.</returns>
    private static async Task<(double Replaced, double Completed)> OursAsync(Api api)
    {
        await api.DeployAsync("bench", Compose(1));
        await api.RunningAsync("bench", "idle", Replicas);
        await api.ConvergedAsync("bench", "idle", Deadline);
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        var revision = (await api.DeployAsync("bench", Compose(2))).At("revisions").Text("idle");
        await Until.IsAsync(
            () => api.TasksAsync("bench", "idle"),
            tasks => tasks.Count == Replicas && tasks.All(task => task.Text("revision") == revision && task.Text("ready") == "true"),
            "all are replaced",
            Deadline);
        var replaced = time.GetElapsedTime(start).TotalSeconds;
        await api.ConvergedAsync("bench", "idle", Deadline);
        var completed = time.GetElapsedTime(start).TotalSeconds;
        await WithoutAsync(api);
        return (replaced, completed);
    }

    /// <summary>The application's network stays: the raw client's containers are in it.</summary>
    private static async Task WithoutAsync(Api api)
    {
        await api.DeployAsync("bench", Keeper);
        await Until.IsAsync(() => api.TasksAsync("bench", "idle"), tasks => tasks.Count == 0, "its containers are gone", Deadline);
    }

    private const string Keeper = $"""
        services:
          keeper:
            image: {Image}
            pull_policy: never
            command: ["-c", "trap 'exit 0' TERM; while :; do busybox sleep 600 & wait $$!; done"]
        """;

    private static string Compose(int version) => Keeper + "\n" + $$"""
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
