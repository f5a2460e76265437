using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>A service of Docker Swarm like the one that is measured, on an engine that is in a swarm already.</summary>
internal sealed class SwarmService(int replicas) : IAsyncDisposable
{
    private const string Name = "orchestrator-bench";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <returns>False when the engine is in no swarm: this program makes none.</returns>
    public static async Task<bool> IsThereAsync() => await Engine.RunAsync("info", "--format", "{{.Swarm.LocalNodeState}}") == "active";

    /// <summary>Returns when all its tasks are healthy.</summary>
    public static async Task<SwarmService> CreateAsync(int replicas, int parallelism)
    {
        await Shell.RunAsync("docker", ["service", "rm", Name]);
        await Engine.RunAsync(
            "service", "create", "--quiet", "--name", Name, "--replicas", Text(replicas), "--no-resolve-image", "--health-cmd", "/bin/busybox true", "--health-interval", "500ms", "--health-retries", "3",
            "--update-parallelism", Text(parallelism), "--update-order", "start-first", "--update-monitor", "5s", "--stop-grace-period", "5s", "--env", "ROUND=0",
            Rollout.Image, "-c", "trap 'exit 0' TERM; while :; do busybox sleep 600 & wait $!; done");
        await Until.IsAsync(InspectAllAsync, containers => containers.Count == replicas && containers.All(container => IsNew(container, "0")), "swarm has started all", Deadline);
        return new SwarmService(replicas);
    }

    public async Task<TimeSpan> UpdateAsync()
    {
        const string mark = "1";
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        await Engine.RunAsync("service", "update", "--quiet", "--detach", "--no-resolve-image", "--env-add", "ROUND=" + mark, Name);
        await Until.IsAsync(
            InspectAllAsync,
            containers => containers.Count == replicas && containers.All(container => IsNew(container, mark)),
            "swarm has replaced all",
            Deadline);
        var took = time.GetElapsedTime(start);
        await Until.IsAsync(() => Engine.RunAsync("service", "inspect", "--format", "{{.UpdateStatus.State}}", Name), state => state == "completed", "swarm says completed", Deadline);
        return took;
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.RunAsync("service", "rm", Name);
        await Until.IsAsync(InspectAllAsync, containers => containers.Count == 0, "swarm has stopped all", Deadline);
    }

    private static async Task<IReadOnlyList<JsonElement>> InspectAllAsync()
    {
        var ids = (await Engine.RunAsync("ps", "-q", "--filter", "label=com.docker.swarm.service.name=" + Name)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var inspected = ids.Length == 0 ? null : await Shell.RunAsync("docker", ["inspect", .. ids]);

        // One may have gone since it was listed.
        return inspected is { ExitCode: 0 } ? [.. JsonSerializer.Deserialize<JsonElement>(inspected.Output).EnumerateArray()] : [];
    }

    private static bool IsNew(JsonElement container, string mark) =>
        container.GetProperty("Config").GetProperty("Env").EnumerateArray().Any(item => item.GetString() == "ROUND=" + mark)
        && container.GetProperty("State").GetProperty("Health").Text("Status") == "healthy";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
