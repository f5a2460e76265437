using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>
/// On the lab, between containers of two nodes: throughput (iperf3) and HTTP on kept and on new connections (wrk), direct, through a service's
/// address and through a published port, against the machines themselves and against an overlay network of Docker Swarm on the same engines, in
/// turns. And how soon a task that is ready is routed to on every node.
/// </summary>
internal static class NetworkOnLab
{
    private const string Name = Network.Name;
    private const int Nodes = 3;
    private const int SpeedRounds = 12;
    private const string SpeedSeconds = "2";
    private const int WebRounds = 6;
    private const string WebSeconds = "3";
    private const int Changes = 60;

    /// <summary>Programs that have just begun still compile their code.</summary>
    private const int WarmUpChanges = 10;
    private const int PublishedSpeed = 18081;
    private const int PublishedWeb = 18082;
    private const int SpeedPort = 5201;
    private const int NodeSpeedPort = 5301;

    /// <summary>Another than the image's own server has, which begins a process for each request.</summary>
    private const int WebPort = 8090;

    public static async Task<bool> RunAsync()
    {
        await using var mongo = Mongo.TryCreate()!;
        await using var lab = await Lab.ClusterUpAsync(mongo, Nodes, await Engine.ImageAsync(1));
        await lab.Api.DeployAsync("bench", Compose);
        var met = await BetweenNodesAsync(lab);
        return await RoutedAsync(lab) & met;
    }

    private static async Task<bool> BetweenNodesAsync(Lab lab)
    {
        var far = await ContainerAsync(lab, 2, await TaskAsync(lab, "far"));
        var near = await ContainerAsync(lab, 1, await TaskAsync(lab, "near"));
        await SwarmOnLab.UpAsync(lab, 2);
        var swarmFar = await ContainerAsync(lab, 2, await lab.DockerAsync(2, ["run", "-d", "--network", SwarmOnLab.Overlay, "orch-test:1"]));
        var swarmNear = await ContainerAsync(lab, 1, await lab.DockerAsync(1, ["run", "-d", "--network", SwarmOnLab.Overlay, "orch-test:1"]));
        using var serving = new Servers();
        serving.InContainer(far.Pid);
        serving.InContainer(swarmFar.Pid);
        serving.InNode(lab, 2);
        var known = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(lab.AgentState(1), "network.json")));
        var vip = known.GetProperty("services").EnumerateObject().Select(service => service.Value).Single(service => service.Text("service") == "far").Text("vip");
        var (node1, node2) = (lab.Address(1), lab.Address(2));
        await Until.IsAsync(() => lab.TryAsync("exec", "1", "iperf3", "-c", node2, "-p", Text(NodeSpeedPort), "-t", "1"), tried => tried.ExitCode == 0, "the node serves");
        await Until.IsAsync(() => WebAsync(near.Pid, far.Address, WebPort, kept: true), web => web.Rate > 0, "the container serves");
        await Until.IsAsync(() => WebAsync(swarmNear.Pid, swarmFar.Address, WebPort, kept: true), web => web.Rate > 0, "the container on the overlay serves");
        var (speed, kept, fresh) = (new Series(), new Series(), new Series());
        var slowest = new Series();
        (string Name, string Pid, string To, int SpeedPort, int WebPort)[] ways =
        [
            ("overlay", swarmNear.Pid, swarmFar.Address, SpeedPort, WebPort),
            ("direct", near.Pid, far.Address, SpeedPort, WebPort),
            ("vip", near.Pid, vip, SpeedPort, WebPort),
            ("port", near.Pid, node2, PublishedSpeed, PublishedWeb),
            ("other-node-port", near.Pid, node1, PublishedSpeed, PublishedWeb),
        ];

        // What is compared follows one upon the other.
        for (var i = 0; i < SpeedRounds; i++)
        {
            speed.Add("machines", Read(await lab.RunAsync("exec", "1", "iperf3", "-c", node2, "-p", Text(NodeSpeedPort), "-t", SpeedSeconds, "-J")));
            foreach (var (way, pid, to, speedPort, _) in ThereAndBack(ways, i))
            {
                speed.Add(way, Read((await Shell.RunAsync("nsenter", ["-t", pid, "-n", "iperf3", "-c", to, "-p", Text(speedPort), "-t", SpeedSeconds, "-J"])).OutputOrThrow()));
            }
        }

        for (var i = 0; i < WebRounds; i++)
        {
            foreach (var (way, pid, to, _, webPort) in ThereAndBack(ways, i))
            {
                var web = await WebAsync(pid, to, webPort, kept: true);
                kept.Add(way, web.Rate);
                slowest.Add(way, web.P99);
                fresh.Add(way, (await WebAsync(pid, to, webPort, kept: false)).Rate);
            }
        }

        new Figure(Name, "direct", speed.Median("direct"), "Gbit/s", null, "higher").Print();
        new Figure(Name, "host-ratio", speed.Ratio("direct", "machines"), "of machine to machine", null, "higher").Print();
        new Figure(Name, "other-node-port-ratio", speed.Ratio("other-node-port", "direct"), "of direct", null, "higher").Print();
        new Figure(Name, "http-direct", kept.Median("direct"), "requests/s on kept connections", null, "higher").Print();
        new Figure(Name, "http-new-direct", fresh.Median("direct"), "requests/s on new connections", null, "higher").Print();
        foreach (var way in (string[])["direct", "overlay", "vip", "port"])
        {
            new Figure(Name, $"http-p99-{way}", slowest.Median(way), "ms, kept connections", null, "lower").Print();
        }

        foreach (var way in (string[])["vip", "port"])
        {
            new Figure(Name, $"http-{way}-ratio", kept.Ratio(way, "direct"), "of direct, kept connections", null, "higher").Print();
            new Figure(Name, $"http-new-{way}-ratio", fresh.Ratio(way, "direct"), "of direct, new connections", null, "higher").Print();
        }

        new Figure(Name, "http-overlay-ratio", kept.Ratio("direct", "overlay"), "of Swarm's overlay, kept connections", null, "higher").Print();
        new Figure(Name, "http-new-overlay-ratio", fresh.Ratio("direct", "overlay"), "of Swarm's overlay, new connections", null, "higher").Print();
        var met = new Figure(Name, "overlay-throughput-ratio", speed.Ratio("direct", "overlay"), "of Swarm's overlay", 0.95, "higher").Print();
        met &= new Figure(Name, "vip-ratio", speed.Ratio("vip", "direct"), "of direct", 0.95, "higher").Print();
        return new Figure(Name, "port-ratio", speed.Ratio("port", "direct"), "of direct", 0.95, "higher").Print() & met;
    }

    /// <summary>From when a task is ready, as its engine says, until the last node has it among those that connections are dealt to.</summary>
    private static async Task<bool> RoutedAsync(Lab lab)
    {
        await using var watch = await RouteWatch.StartAsync(lab);
        var took = new List<double>();
        for (var i = 0; i < Changes; i++)
        {
            var replicas = 2 + (i % 2);
            var before = (await lab.Api.TasksAsync("bench", "web")).Select(task => task.Text("id")).ToHashSet();
            await lab.Api.ScaleAsync("bench", "web", replicas);
            var tasks = await lab.Api.RunningAsync("bench", "web", replicas);
            if (tasks.SingleOrDefault(task => !before.Contains(task.Text("id"))) is not { ValueKind: JsonValueKind.Object } task)
            {
                continue;
            }

            // It has no check: it is ready as it runs.
            var readyAt = DateTimeOffset.Parse(task.Text("runningAt"), CultureInfo.InvariantCulture);
            var routedAt = await Until.IsAsync(() => Task.FromResult(watch.RoutedAt(task.Text("serviceId"), Nodes, readyAt)), at => at is not null, "it is routed to everywhere");
            if (i < WarmUpChanges)
            {
                continue;
            }

            took.Add((routedAt!.Value - readyAt).TotalMilliseconds);
        }

        await Console.Error.WriteLineAsync("route, ms: " + string.Join(' ', took.Select(value => Math.Round(value))));
        new Figure(Name, "route-p50", Math.Round(Statistics.Percentile(took, 0.5)), "ms", null, "lower").Print();
        return new Figure(Name, "route-p99", Math.Round(Statistics.Percentile(took, 0.99)), "ms", 100, "lower").Print();
    }

    private static async Task<string> TaskAsync(Lab lab, string service) => (await lab.Api.RunningAsync("bench", service, 1))[0].Text("containerId");

    private static async Task<(string Address, string Pid)> ContainerAsync(Lab lab, int node, string container)
    {
        var words = (await lab.DockerAsync(node, "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}} {{.State.Pid}}", container)).Split(' ');
        return (words[0], words[1]);
    }

    /// <summary>The first of a round has the machine, and servers that still compile their code, as the last has not.</summary>
    private static IEnumerable<T> ThereAndBack<T>(T[] ways, int round) => round % 2 == 0 ? ways : ways.AsEnumerable().Reverse();

    private static double Read(string json)
    {
        var told = JsonSerializer.Deserialize<JsonElement>(json);
        return told.GetProperty("end").TryGetProperty("sum_received", out var received)
            ? received.GetProperty("bits_per_second").GetDouble() / 1e9
            : throw new InvalidOperationException("iperf3: " + told.Text("error"));
    }

    /// <returns>Requests a second, and the latency in ms that one in a hundred passes; 0 when nobody answers.</returns>
    private static async Task<(double Rate, double P99)> WebAsync(string pid, string to, int port, bool kept)
    {
        string[] header = kept ? [] : ["-H", "Connection: close"];
        var asked = await Shell.RunAsync("nsenter", ["-t", pid, "-n", "wrk", "-t", "1", "-c", "8", "-d", WebSeconds + "s", "--latency", .. header, $"http://{to}:{Text(port)}/"]);
        var rows = asked.Output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var rate = rows.Find(row => row is ["Requests/sec:", _]);
        return asked.ExitCode == 0 && rate is not null ? (double.Parse(rate[1], CultureInfo.InvariantCulture), Milliseconds(rows.Find(row => row is ["99%", _])![1])) : (0, 0);
    }

    private static double Milliseconds(string text) =>
        text.EndsWith("us", StringComparison.Ordinal) ? Number(text[..^2]) / 1000
        : text.EndsWith("ms", StringComparison.Ordinal) ? Number(text[..^2])
        : Number(text[..^1]) * 1000;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Compose => $$"""
        services:
          far:
            image: orch-test:1
            pull_policy: never
            ports: ["{{PublishedSpeed}}:{{SpeedPort}}", "{{PublishedWeb}}:{{WebPort}}"]
            deploy: { placement: { constraints: ["node.id == node2"] } }
          near:
            image: orch-test:1
            pull_policy: never
            deploy: { placement: { constraints: ["node.id == node1"] } }
          web:
            image: orch-test:1
            pull_policy: never
            deploy: { replicas: 2 }
        """;

    /// <summary>What serves while it is measured.</summary>
    private sealed class Servers : IDisposable
    {
        private readonly List<Process> _all = [];

        public void InContainer(string pid)
        {
            string[] inside = ["nsenter", "-t", pid, "-n"];
            Begin([.. inside, "iperf3", "-s", "-p", Text(SpeedPort)]);
            Begin([.. inside, "env", "REVISION=1", Environment.ProcessPath!, typeof(NetworkOnLab).Assembly.Location, "serve", Text(WebPort)]);
        }

        public void InNode(Lab lab, int node) => Begin([.. lab.In(node), "iperf3", "-s", "-p", Text(NodeSpeedPort)]);

        public void Dispose()
        {
            foreach (var process in _all)
            {
                process.Kill();
                process.Dispose();
            }
        }

        private void Begin(params IReadOnlyList<string> command) =>
            _all.Add(Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true })!);
    }

    /// <summary>Values of each round, by the way that was measured.</summary>
    private sealed class Series
    {
        private readonly Dictionary<string, List<double>> _values = [];

        public void Add(string way, double value)
        {
            if (!_values.TryGetValue(way, out var list))
            {
                _values[way] = list = [];
            }

            list.Add(value);
        }

        public double Median(string way) => Math.Round(Statistics.Median(_values[way]), 3);

        /// <summary>The median of the rounds' ratios.</summary>
        public double Ratio(string way, string of) => Math.Round(Statistics.Median([.. _values[way].Zip(_values[of], (one, other) => one / other)]), 3);
    }
}
