using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;
using Orchestrator.NodeAgent.Network;
using Orchestrator.NodeAgent.Ports;

namespace Orchestrator.Benchmarks;

/// <summary>
/// All that an agent does from the word that endpoints are others until it may answer that it routes by it, with 1,000 services of
/// 10 tasks: rules into the kernel, the listeners of published ports, flows of UDP, and the file. Run in a namespace of its own.
/// </summary>
internal static class NetworkRules
{
    private const string Bench = "network";
    private const int Services = 1_000;
    private const int Tasks = 10;
    private const int Changes = 50;

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var folder = Directory.CreateTempSubdirectory("orch-bench-rules-").FullName;
        var names = new NetworkNames("bench", "n1");
        using var kernel = new KernelRules(names);
        using var relay = new TcpRelay(TimeProvider.System, NullLogger<TcpRelay>.Instance);
        NetworkMemory? applied = null;
        async Task<(double Rules, double All)> ApplyAsync(NetworkMemory memory)
        {
            var watch = Stopwatch.StartNew();
            await kernel.ApplyAsync(memory.ToNetwork(names, tunnelPort: 8472)!);
            var rules = watch.Elapsed.TotalMilliseconds;
            var changed = memory.ChangedSince(applied);
            foreach (var (app, service, endpoints) in PublishedPorts.OfOthers(memory, changed))
            {
                relay.Follow(app, service, endpoints);
            }

            await Task.WhenAll(Flows.ForgetAsync(applied, memory, changed, CancellationToken.None), NetworkFile.WriteAsync(folder, memory, CancellationToken.None));
            applied = memory;
            return (rules, watch.Elapsed.TotalMilliseconds);
        }

        try
        {
            var memory = Memory();
            var whole = await ApplyAsync(memory);
            var changes = new List<(double Rules, double All)>();
            for (var i = 1; i <= Changes; i++)
            {
                memory = memory.Take([Service(7, i)], full: false);
                changes.Add(await ApplyAsync(memory));
            }

            double Median(Func<(double Rules, double All), double> of) => Statistics.Percentile([.. changes.Select(of)], 0.5);
            new Figure(Bench, "rebuild-all-s", whole.All / 1_000, "s, with listeners and file", null, "lower").Print();
            new Figure(Bench, "change-all-ms", Median(change => change.All), "ms, with flows of UDP and file", null, "lower").Print();
            var met = new Figure(Bench, "rebuild-s", whole.Rules / 1_000, "s", 1, "lower").Print();
            return new Figure(Bench, "change-ms", Median(change => change.Rules), "ms", 20, "lower").Print() & met;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static NetworkMemory Memory() => new()
    {
        Network = new UpdateNodeNetwork
        {
            NodeId = "n1", AsOf = DateTimeOffset.UnixEpoch, Range = "10.128.0.0/12", Vips = "10.143.0.0/16",
            Nodes = [new NodeAddress { NodeId = "n1", Name = "n1", Address = "192.0.2.1", Subnet = "10.128.0.0/24" }],
        },
        Containers = new Dictionary<string, LocalContainer> { ["asker"] = new("asker", "s0", "app0", "10.128.0.2", new NetworkSpec()) },
        Services = Enumerable.Range(0, Services).Select(i => Service(i, 0)).ToDictionary(service => service.ServiceId),
    };

    /// <param name="number">Of the service.</param>
    /// <param name="change">In each another of its tasks takes no connections.</param>
    private static ServiceEndpoints Service(int number, int change) => new()
    {
        ServiceId = "s" + Text(number), App = "app" + Text(number / 10), Service = "web" + Text(number % 10), Version = change,
        Vip = $"10.143.{number / 250}.{(number % 250) + 1}",
        Ports = [new PortSpec { Target = 80, Published = 10_000 + number }],
        Tasks =
        [
            .. Enumerable.Range(0, Tasks).Select(task => new TaskEndpoint
            {
                TaskId = $"{number}-{task}", Slot = task + 1, NodeId = "n2", Address = $"10.129.{((number * Tasks) + task) / 250}.{(((number * Tasks) + task) % 250) + 1}",
                Takes = change == 0 || task != change % Tasks,
            }),
        ],
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
