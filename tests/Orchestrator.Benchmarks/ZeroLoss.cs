using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>
/// Rolling updates of six replicas on the lab, one after another, then the drain of a node and scaling down and up, while clients ask all the
/// time: from outside through a published port of one node, and from a container of another by the service's address. Beside them, asked less
/// often, a service that starts slowly and one that does not end when asked to. Then as long without a change: that must fail nowhere. At last a
/// node dies: what fails then ends within a second.
/// </summary>
internal static class ZeroLoss
{
    public const string Name = "zero-loss";
    private const int Port = 18080;
    private const int SlowPort = 18081;
    private const int StubbornPort = 18082;
    private const int RequestsOfOthers = 20;

    /// <summary>Every so many updates the slow and the stubborn service are updated too.</summary>
    private const int OthersEach = 4;
    private static readonly TimeSpan AfterCrash = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var given = new Options(options);
        var (updates, nodes) = (given.Number("--updates", 20), given.Number("--nodes", 3));
        if (await Cluster.MissingAsync() is { } missing || await Lab.MissingAsync() is { } lacking && (missing = lacking) is not null)
        {
            await Console.Error.WriteLineAsync(missing);
            return false;
        }

        Environment.SetEnvironmentVariable("NodeAgent__DrainLimit", "00:00:02");
        await using var mongo = Mongo.TryCreate()!;
        await using var lab = await Lab.ClusterUpAsync(mongo, nodes, await Engine.ImageAsync(1));
        await DeployAsync(lab, 0);
        var (changing, updating) = (Stopwatch.StartNew(), TimeSpan.Zero);
        var busy = await MeasureAsync(lab, nodes, async () =>
        {
            for (var i = 1; i <= updates; i++)
            {
                await DeployAsync(lab, i);
            }

            updating = changing.Elapsed;
            await DrainAsync(lab, nodes);
            await ScaleAsync(lab);
        });
        var took = changing.Elapsed;
        var control = await MeasureAsync(lab, nodes, () => Task.Delay(took, TimeProvider.System));
        var quiet = Print("control", control, 0);
        if (given.Has("--swarm"))
        {
            await ZeroLossOfSwarm.RunAsync(lab, nodes, updates);
        }

        var ended = await CrashAsync(lab, nodes);
        new Figure(Name, "requests", busy.Sum(answers => answers.Requests), "requests", null, "higher").Print();
        new Figure(Name, "update-s", Math.Round(updating.TotalSeconds / updates, 1), "s", null, "lower").Print();
        return Print("failed", busy, 0) & quiet & ended;
    }

    /// <summary>The node of the containers that clients do not stand beside, and back.</summary>
    private static async Task DrainAsync(Lab lab, int nodes)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"node{nodes - 1}");
        (await lab.OrchAsync("node", "drain", name)).OutputOrThrow();
        await Until.IsAsync(() => lab.Api.ListAsync($"tasks?app=bench"), tasks => tasks.All(task => task.Text("node") != name), $"{name} is drained", Deadline);
        (await lab.OrchAsync("node", "activate", name)).OutputOrThrow();
    }

    private static async Task ScaleAsync(Lab lab)
    {
        foreach (var replicas in (int[])[3, 6])
        {
            (await lab.OrchAsync("service", "scale", string.Create(CultureInfo.InvariantCulture, $"bench/web={replicas}"))).OutputOrThrow();
            await lab.Api.RunningAsync("bench", "web", replicas);
        }
    }

    /// <summary>A node dies that no client stands beside: seconds between the first and the last request that failed, by when they were asked.</summary>
    private static async Task<bool> CrashAsync(Lab lab, int nodes)
    {
        var victim = (nodes - 1).ToString(CultureInfo.InvariantCulture);
        await Until.IsAsync(
            () => lab.Api.ListAsync("tasks?app=bench&service=web"),
            tasks => tasks.Any(task => task.Text("node") == "node" + victim && task.Text("ready") == "true"),
            "the node that is to die has tasks",
            Deadline);
        var crash = await MeasureAsync(lab, nodes, async () =>
        {
            await lab.RunAsync("kill", victim);
            await Task.Delay(AfterCrash, TimeProvider.System);
        });
        Print("crash-failed", crash, null);
        var (first, last) = (crash.Min(answers => answers.FirstFailedAt), crash.Max(answers => answers.LastFailedAt));
        return new Figure(Name, "crash-failing-s", Math.Round((last - first)?.TotalSeconds ?? 0, 2), "s", 1, "lower").Print();
    }

    public static bool Print(string what, IReadOnlyList<Answers> all, double? gate)
    {
        foreach (var (failure, count) in all.SelectMany(answers => answers.Failures))
        {
            Console.Error.WriteLine($"{what}: {count} × {failure}");
        }

        return new Figure(Name, what, all.Sum(answers => answers.Failures.Values.Sum()), "requests", gate, "lower").Print();
    }

    /// <summary>Asks by both ways while something happens.</summary>
    private static async Task<IReadOnlyList<Answers>> MeasureAsync(Lab lab, int nodes, Func<Task> happens)
    {
        using var end = new CancellationTokenSource();
        var entry = lab.Address(nodes);
        var outside = Asker.AskAsync(entry, Port, end.Token);
        var slow = Asker.AskAsync(entry, SlowPort, end.Token, RequestsOfOthers);
        var stubborn = Asker.AskAsync(entry, StubbornPort, end.Token, RequestsOfOthers);
        using var inside = await InsideAsync(lab);
        await happens();
        await end.CancelAsync();
        return [await outside, await slow, await stubborn, await inside.EndAsync()];
    }

    /// <summary>A client in the network of the container <c>idle</c>, which no update replaces.</summary>
    private static async Task<InsideAsker> InsideAsync(Lab lab)
    {
        var rows = JsonSerializer.Deserialize<JsonElement>((await lab.OrchAsync("ps", "bench/idle", "--json")).OutputOrThrow());
        var task = rows.EnumerateArray().First(row => row.GetProperty("ready").GetBoolean());
        var node = int.Parse(task.GetProperty("node").GetString()![4..], CultureInfo.InvariantCulture);
        var process = await lab.DockerAsync(node, "inspect", "-f", "{{.State.Pid}}", task.GetProperty("containerId").GetString()!);
        var known = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(lab.AgentState(node), "network.json")));
        var vip = known.GetProperty("services").EnumerateObject().Select(service => service.Value).Single(service => service.GetProperty("service").GetString() == "web").GetProperty("vip").GetString()!;
        return new InsideAsker(process, [], vip, 8080);
    }

    private static async Task DeployAsync(Lab lab, int revision)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Compose(revision));
        (await lab.OrchAsync("deploy", "-f", file, "--app", "bench", "--wait", "--timeout", "180s")).OutputOrThrow();
        File.Delete(file);
    }

    private static string Compose(int revision) => $$"""
        services:
          idle:
            image: orch-test:1
            pull_policy: never
            deploy: { placement: { constraints: ["node.id == node1"] } }
          slow:
        {{Server("slow", SlowPort, revision / OthersEach)}}
            deploy: { replicas: 2, update_config: { parallelism: 1, monitor: 0s, order: start-first } }
            x-orchestrator:
              rollout: { min_healthy_time: 0s }
              probes: { readiness: { tcp: { port: 8080 }, period: 1s } }
          stubborn:
        {{Server("stubborn", StubbornPort, revision / OthersEach)}}
            stop_grace_period: 2s
            deploy: { replicas: 2, update_config: { parallelism: 1, monitor: 0s, order: start-first } }
            x-orchestrator:
              rollout: { min_healthy_time: 0s }
              probes: { readiness: { tcp: { port: 8080 }, period: 1s } }
          web:
        {{Server("", Port, revision)}}
            deploy:
              replicas: 6
              update_config: { parallelism: 2, monitor: 0s, order: start-first }
            x-orchestrator:
              rollout: { min_healthy_time: 0s }
              probes: { readiness: { tcp: { port: 8080 }, period: 1s } }
        """;

    private static string Server(string manner, int port, int revision) => $$"""
            image: orch-test:1
            pull_policy: never
            entrypoint: [{{Quoted([Environment.ProcessPath!, .. SmallServer.Arguments(8080, manner)])}}]
            environment: [{{Quoted(SmallServer.Variables(revision))}}]
            ports: ["{{port}}:8080"]
            volumes: [{{Quoted(SmallServer.Folders.Select(folder => $"{folder}:{folder}:ro"))}}]
        """;

    private static string Quoted(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"\"{word}\""));
}
