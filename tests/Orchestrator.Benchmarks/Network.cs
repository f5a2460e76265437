using System.Diagnostics;
using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>
/// What the network costs: rules of 1,000 services in a kernel namespace of its own; names; and what <see cref="NetworkOnLab"/> measures.
/// </summary>
internal static class Network
{
    public const string Name = "network";
    private const string Namespace = "net-bench";

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var met = options.Contains("--lab") || await RulesAsync();
        if (options.Contains("--rules"))
        {
            return met;
        }

        met &= options.Contains("--lab") || await NamesAsync();
        if (options.Contains("--no-lab") || (await Cluster.MissingAsync() ?? await Lab.MissingAsync()) is not null)
        {
            await Console.Error.WriteLineAsync("without the lab: no figures between nodes");
            return met;
        }

        return await NetworkOnLab.RunAsync() & met;
    }

    /// <summary>In a namespace of its own, by this program once more.</summary>
    private static async Task<bool> RulesAsync()
    {
        await Shell.RunAsync("ip", ["netns", "add", Namespace]);
        try
        {
            await Shell.RunAsync("ip", ["netns", "exec", Namespace, "ip", "link", "set", "lo", "up"]);
            using var rules = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", Namespace, Environment.ProcessPath!, typeof(Network).Assembly.Location, "network-rules"]))!;
            await rules.WaitForExitAsync();
            return rules.ExitCode == 0;
        }
        finally
        {
            await Shell.RunAsync("ip", ["netns", "del", Namespace]);
        }
    }

    /// <summary>The process that answers names, asked by this one on loopback addresses of a namespace.</summary>
    private static async Task<bool> NamesAsync()
    {
        var folder = Directory.CreateTempSubdirectory("orch-bench-names-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "network.json"), JsonSerializer.Serialize(NetworkRules.Memory(), JsonSerializerOptions.Web));
        await Shell.RunAsync("ip", ["netns", "add", Namespace]);
        await Shell.RunAsync("ip", ["netns", "exec", Namespace, "sh", "-c", "ip link set lo up; ip addr add 10.128.0.1/24 dev lo; ip addr add 10.128.0.2/24 dev lo"]);
        var server = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", Namespace, Environment.ProcessPath!, Repository.Program("Orchestrator.NodeAgent", "Orchestrator.NodeAgent"), "names", folder, "bench"]))!;
        try
        {
            await Until.IsAsync(() => Task.FromResult(File.Exists(Path.Combine(folder, "names.pid"))), there => there, "names are answered");
            using var client = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", Namespace, Environment.ProcessPath!, typeof(Network).Assembly.Location, "ask-names"]) { RedirectStandardOutput = true })!;
            var cpu = CpuOf(server);
            var answer = JsonSerializer.Deserialize<JsonElement>(await client.StandardOutput.ReadToEndAsync());
            var used = CpuOf(server) - cpu;
            var met = new Figure(Name, "dns-rate", answer.GetProperty("answers").GetDouble() / used, "answers/s of a core", 20_000, "higher").Print();
            return new Figure(Name, "dns-p99", answer.GetProperty("p99").GetDouble(), "ms", 2, "lower").Print() & met;
        }
        finally
        {
            server.Kill();
            server.Dispose();
            await Shell.RunAsync("ip", ["netns", "del", Namespace]);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double CpuOf(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime.TotalSeconds;
    }
}
