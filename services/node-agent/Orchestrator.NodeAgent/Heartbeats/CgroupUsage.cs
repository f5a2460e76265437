using System.Globalization;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Heartbeats;

/// <summary>What containers use, read from the kernel's files: asking the engine costs a hundred times as much.</summary>
internal sealed class CgroupUsage(TimeProvider time)
{
    private const double NanosPerSecond = 1e9;
    private const double MicrosPerSecond = 1e6;
    private readonly Dictionary<string, double> _cpuSeconds = [];
    private long _readAt = time.GetTimestamp();

    /// <returns>Null when no container's files are found.</returns>
    public NodeUsage? Read(IReadOnlyList<string> containerIds)
    {
        var elapsed = time.GetElapsedTime(_readAt).TotalSeconds;
        _readAt = time.GetTimestamp();
        var cpus = 0.0;
        var memory = 0L;
        var found = false;
        foreach (var id in containerIds)
        {
            if (CpuSeconds(id) is not { } cpu)
            {
                continue;
            }

            found = true;
            memory += MemoryOf(id) ?? 0;
            if (_cpuSeconds.TryGetValue(id, out var before) && elapsed > 0)
            {
                cpus += Math.Max(0, cpu - before) / elapsed;
            }

            _cpuSeconds[id] = cpu;
        }

        foreach (var gone in _cpuSeconds.Keys.Except(containerIds).ToList())
        {
            _cpuSeconds.Remove(gone);
        }

        return found || containerIds.Count == 0 ? new NodeUsage { Cpus = cpus, MemoryBytes = memory } : null;
    }

    /// <returns>Null when its files are not found.</returns>
    public static long? MemoryOf(string id) =>
        Number([$"/sys/fs/cgroup/system.slice/docker-{id}.scope/memory.current", $"/sys/fs/cgroup/docker/{id}/memory.current", $"/sys/fs/cgroup/memory/docker/{id}/memory.usage_in_bytes"]);

    private static double? CpuSeconds(string id)
    {
        foreach (var path in new[] { $"/sys/fs/cgroup/system.slice/docker-{id}.scope/cpu.stat", $"/sys/fs/cgroup/docker/{id}/cpu.stat" })
        {
            if (TryRead(path)?.Split('\n').FirstOrDefault(line => line.StartsWith("usage_usec ", StringComparison.Ordinal)) is { } line)
            {
                return double.Parse(line.AsSpan("usage_usec ".Length), CultureInfo.InvariantCulture) / MicrosPerSecond;
            }
        }

        return Number([$"/sys/fs/cgroup/cpuacct/docker/{id}/cpuacct.usage", $"/sys/fs/cgroup/cpu,cpuacct/docker/{id}/cpuacct.usage"]) / NanosPerSecond;
    }

    private static long? Number(IEnumerable<string> paths) =>
        paths.Select(TryRead).OfType<string>().Select(text => long.Parse(text.Trim(), CultureInfo.InvariantCulture)).Cast<long?>().FirstOrDefault();

    private static string? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (IOException)
        {
            // The container ended between the look and the reading.
            return null;
        }
    }
}
