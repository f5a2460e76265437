using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>
/// Rolling updates of six replicas on the lab, one after another, while clients ask all the time: from outside through a published
/// port of one node, and from a container of another by the service's address. First as long without an update: that must fail nowhere.
/// </summary>
internal static class ZeroLoss
{
    private const string Name = "zero-loss";
    private const int Port = 18080;
    private static readonly string Dotnet = Environment.ProcessPath!;
    private static readonly string Program = typeof(ZeroLoss).Assembly.Location;

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var updates = Option(options, "--updates", 20);
        var nodes = Option(options, "--nodes", 3);
        if (await Cluster.MissingAsync() is { } missing || await Lab.MissingAsync() is { } lacking && (missing = lacking) is not null)
        {
            await Console.Error.WriteLineAsync(missing);
            return false;
        }

        Environment.SetEnvironmentVariable("NodeAgent__DrainLimit", "00:00:02");
        await using var mongo = Mongo.TryCreate()!;
        await using var lab = await Lab.ClusterUpAsync(mongo, nodes, await Engine.ImageAsync(1));
        await DeployAsync(lab, 0);
        var updating = Stopwatch.StartNew();
        var busy = await MeasureAsync(lab, nodes, async () =>
        {
            for (var i = 1; i <= updates; i++)
            {
                await DeployAsync(lab, i);
            }
        });
        var took = updating.Elapsed;
        var control = await MeasureAsync(lab, nodes, () => Task.Delay(took, TimeProvider.System));
        var quiet = Print("control", control, 0);
        new Figure(Name, "requests", busy.Sum(answers => answers.Requests), "requests", null, "higher").Print();
        new Figure(Name, "update-s", took.TotalSeconds / updates, "s", null, "lower").Print();
        return Print("failed", busy, 0) & quiet;
    }

    private static bool Print(string what, IReadOnlyList<Answers> all, double? gate)
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
        var outside = Asker.AskAsync(await lab.AddressAsync(nodes), Port, end.Token);
        using var inside = await InsideAsync(lab);
        await happens();
        await end.CancelAsync();
        inside.StandardInput.Close();
        var answer = await inside.StandardOutput.ReadToEndAsync();
        return [await outside, JsonSerializer.Deserialize<Answers>(answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!];
    }

    /// <summary>A client in the network of the container <c>idle</c>, which no update replaces.</summary>
    private static async Task<Process> InsideAsync(Lab lab)
    {
        var rows = JsonSerializer.Deserialize<JsonElement>((await lab.OrchAsync("ps", "bench/idle", "--json")).OutputOrThrow());
        var task = rows.EnumerateArray().First(row => row.GetProperty("ready").GetBoolean());
        var node = int.Parse(task.GetProperty("node").GetString()![4..], CultureInfo.InvariantCulture);
        var process = await lab.DockerAsync(node, "inspect", "-f", "{{.State.Pid}}", task.GetProperty("containerId").GetString()!);
        var known = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(lab.AgentState(node), "network.json")));
        var vip = known.GetProperty("services").EnumerateObject().Select(service => service.Value).Single(service => service.GetProperty("service").GetString() == "web").GetProperty("vip").GetString()!;
        return Process.Start(new ProcessStartInfo("nsenter", ["-t", process, "-n", Dotnet, Program, "ask", vip, "8080"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    private static async Task DeployAsync(Lab lab, int revision)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Compose(revision));
        (await lab.OrchAsync("deploy", "-f", file, "--app", "bench", "--wait", "--timeout", "180s")).OutputOrThrow();
        File.Delete(file);
    }

    /// <summary>The image has no runtime: this machine's is mounted into it.</summary>
    private static string Compose(int revision) => $$"""
        services:
          idle:
            image: orch-test:1
            pull_policy: never
          web:
            image: orch-test:1
            pull_policy: never
            entrypoint: ["{{Dotnet}}", "{{Program}}", "serve", "8080"]
            environment: { REVISION: "{{revision}}", DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1", DOTNET_TieredPGO: "0" }
            ports: ["{{Port}}:8080"]
            volumes: ["/usr:/usr:ro", "/lib:/lib:ro", "/lib64:/lib64:ro", "{{Path.GetDirectoryName(Program)}}:{{Path.GetDirectoryName(Program)}}:ro"]
            deploy:
              replicas: 6
              update_config: { parallelism: 2, monitor: 0s, order: start-first }
            x-orchestrator:
              rollout: { min_healthy_time: 0s }
              probes: { readiness: { tcp: { port: 8080 }, period: 1s } }
        """;

    private static int Option(IReadOnlyList<string> options, string name, int otherwise) =>
        options.SkipWhile(option => option != name).Skip(1).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).FirstOrDefault(otherwise);
}
