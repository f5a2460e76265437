using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>
/// What the network costs: rules of 1,000 services in a kernel namespace of its own; names; and on the lab throughput between
/// containers of two nodes, against the machines themselves, and through a service's address and a published port against direct.
/// </summary>
internal static class Network
{
    private const string Name = "network";
    private const string Namespace = "net-bench";
    private const int Port = 18081;
    private const string Seconds = "3";

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var met = await RulesAsync();
        if (options.Contains("--rules"))
        {
            return met;
        }

        met &= await NamesAsync();
        if (options.Contains("--no-lab") || (await Cluster.MissingAsync() ?? await Lab.MissingAsync()) is not null)
        {
            await Console.Error.WriteLineAsync("without the lab: no throughput");
            return met;
        }

        return await ThroughputAsync() & met;
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

    private static async Task<bool> ThroughputAsync()
    {
        await using var mongo = Mongo.TryCreate()!;
        await using var lab = await Lab.ClusterUpAsync(mongo, 2, await Engine.ImageAsync(1));
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $$"""
            services:
              far: { image: "orch-test:1", pull_policy: never, ports: ["{{Port}}:5201"], deploy: { placement: { constraints: ["node.id == node2"] } } }
              near: { image: "orch-test:1", pull_policy: never, deploy: { placement: { constraints: ["node.id == node1"] } } }
            """);
        (await lab.OrchAsync("deploy", "-f", file, "--app", "bench", "--wait", "--timeout", "180s")).OutputOrThrow();
        File.Delete(file);
        var (far, farPid) = await ContainerAsync(lab, 2, "far");
        var (_, nearPid) = await ContainerAsync(lab, 1, "near");
        var known = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(lab.AgentState(1), "network.json")));
        var vip = known.GetProperty("services").EnumerateObject().Select(service => service.Value).Single(service => service.GetProperty("service").GetString() == "far").GetProperty("vip").GetString()!;
        var node2 = await lab.AddressAsync(2);
        using var inFar = Process.Start(new ProcessStartInfo("nsenter", ["-t", farPid, "-n", "iperf3", "-s"]) { RedirectStandardOutput = true })!;

        // Ends with the lab.
        _ = lab.TryAsync("exec", "2", "iperf3", "-s", "-p", "5301");
        await Until.IsAsync(() => lab.TryAsync("exec", "1", "iperf3", "-c", node2, "-p", "5301", "-t", "1"), tried => tried.ExitCode == 0, "the node serves");
        var rounds = new List<(double Plain, double Direct, double Vip, double Published, double Other)>();
        for (var i = 0; i < 3; i++)
        {
            rounds.Add((
                await SpeedAsync(lab, 1, node2, 5301),
                await SpeedInAsync(nearPid, far, 5201),
                await SpeedInAsync(nearPid, vip, 5201),
                await SpeedInAsync(nearPid, node2, Port),
                await SpeedInAsync(nearPid, await lab.AddressAsync(1), Port)));
        }

        inFar.Kill();
        double Median(Func<(double Plain, double Direct, double Vip, double Published, double Other), double> of) => Math.Round(rounds.Select(of).Order().ElementAt(rounds.Count / 2), 3);
        new Figure(Name, "direct", Median(round => round.Direct), "Gbit/s", null, "higher").Print();
        new Figure(Name, "host-ratio", Median(round => round.Direct / round.Plain), "of machine to machine", null, "higher").Print();
        new Figure(Name, "other-node-port-ratio", Median(round => round.Other / round.Direct), "of direct", null, "higher").Print();
        var met = new Figure(Name, "vip-ratio", Median(round => round.Vip / round.Direct), "of direct", 0.95, "higher").Print();
        return new Figure(Name, "port-ratio", Median(round => round.Published / round.Direct), "of direct", 0.95, "higher").Print() & met;
    }

    private static async Task<(string Address, string Pid)> ContainerAsync(Lab lab, int node, string service)
    {
        var rows = JsonSerializer.Deserialize<JsonElement>((await lab.OrchAsync("ps", "bench/" + service, "--json")).OutputOrThrow());
        var container = rows.EnumerateArray().First(row => row.GetProperty("ready").GetBoolean()).GetProperty("containerId").GetString()!;
        var words = (await lab.DockerAsync(node, "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}} {{.State.Pid}}", container)).Split(' ');
        return (words[0], words[1]);
    }

    private static async Task<double> SpeedAsync(Lab lab, int node, string to, int port) =>
        Read(await lab.RunAsync("exec", node.ToString(CultureInfo.InvariantCulture), "iperf3", "-c", to, "-p", Text(port), "-t", Seconds, "-J"));

    private static async Task<double> SpeedInAsync(string pid, string to, int port) =>
        Read((await Shell.RunAsync("nsenter", ["-t", pid, "-n", "iperf3", "-c", to, "-p", Text(port), "-t", Seconds, "-J"])).OutputOrThrow());

    private static double Read(string json) =>
        JsonSerializer.Deserialize<JsonElement>(json).GetProperty("end").GetProperty("sum_received").GetProperty("bits_per_second").GetDouble() / 1e9;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
