using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>A service of Docker Swarm like the one that is measured, on an engine that is in a swarm already.</summary>
internal sealed class SwarmService(RawEngine raw, int replicas) : IAsyncDisposable
{
    private const string Name = "orchestrator-bench";
    private const string RoundLabel = "orchestrator-bench-round";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <returns>False when the engine is in no swarm: this program makes none.</returns>
    public static async Task<bool> IsThereAsync() => await Engine.RunAsync("info", "--format", "{{.Swarm.LocalNodeState}}") == "active";

    /// <summary>Returns when all its tasks are healthy.</summary>
    public static async Task<SwarmService> CreateAsync(RawEngine raw, int replicas, int parallelism)
    {
        var service = new SwarmService(raw, replicas);
        await Shell.RunAsync("docker", ["service", "rm", Name]);
        await Engine.RunAsync(
            "service", "create", "--quiet", "--name", Name, "--replicas", Text(replicas), "--no-resolve-image", "--health-cmd", "/bin/busybox true", "--health-interval", "500ms", "--health-retries", "3",
            "--update-parallelism", Text(parallelism), "--update-order", "start-first", "--update-monitor", "5s", "--stop-grace-period", "5s", "--container-label", RoundLabel + "=0",
            Rollout.Image, "-c", "trap 'exit 0' TERM; while :; do busybox sleep 600 & wait $!; done");
        await Until.IsAsync(service.ListAsync, containers => containers.Count == replicas && containers.All(container => IsNew(container, "0")), "swarm has started all", Deadline);
        return service;
    }

    /// <returns>Seconds until all are replaced, and until it says that it is completed.</returns>
    public async Task<(double Replaced, double Completed)> UpdateAsync()
    {
        const string mark = "1";
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        await Engine.RunAsync("service", "update", "--quiet", "--detach", "--no-resolve-image", "--container-label-add", $"{RoundLabel}={mark}", Name);
        await Until.IsAsync(
            ListAsync,
            containers => containers.Count == replicas && containers.All(container => IsNew(container, mark)),
            "swarm has replaced all",
            Deadline);
        var replaced = time.GetElapsedTime(start).TotalSeconds;
        await Until.IsAsync(() => Engine.RunAsync("service", "inspect", "--format", "{{.UpdateStatus.State}}", Name), state => state == "completed", "swarm says completed", Deadline);
        return (replaced, time.GetElapsedTime(start).TotalSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.RunAsync("service", "rm", Name);
        await Until.IsAsync(ListAsync, containers => containers.Count == 0, "swarm has stopped all", Deadline);
    }

    /// <summary>One list and no program started for it: what looks on must not slow down what is measured.</summary>
    private Task<IReadOnlyList<JsonElement>> ListAsync() => raw.ListAsync("com.docker.swarm.service.name=" + Name);

    private static bool IsNew(JsonElement container, string mark) =>
        container.GetProperty("Labels").Text(RoundLabel) == mark && container.Text("Status").EndsWith("(healthy)", StringComparison.Ordinal);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
