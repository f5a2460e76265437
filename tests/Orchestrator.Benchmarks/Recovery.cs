using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>How soon things run again after something died: a container, an agent, a scheduler, a machine of the lab.</summary>
internal static class Recovery
{
    private const string Name = "recovery";
    private const string App = "bench";

    /// <summary>Programs that have just begun still compile their code, which images bring along compiled.</summary>
    private const int WarmUpRounds = 20;
    private const int WarmUpFailovers = 2;
    private const int LabNodes = 4;
    private const int LabReplicas = 16;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private const string Compose = Idle.Compose + "\n    deploy: { restart_policy: { delay: 0s } }";

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var given = new Options(options);
        var (rounds, only) = (given.Number("--rounds", 10), given.Text("--case"));
        if (await Cluster.MissingAsync() is { } missing)
        {
            await Console.Error.WriteLineAsync(missing);
            return false;
        }

        var image = await Engine.ImageAsync(1);
        var met = true;
        if (only != "machine")
        {
            await using var cluster = await Cluster.StartAloneAsync(new ClusterShape { Schedulers = 2 });
            await cluster.Api.DeployAsync(App, Compose);
            await cluster.Api.RunningAsync(App, "idle", 1);
            met = await ContainerAsync(cluster, rounds * 5);
            met &= await AgentAsync(cluster, rounds);
            met &= await SchedulerAsync(cluster, rounds);
            await cluster.Api.RemoveAsync(App);
            await cluster.Api.GoneAsync(App);
        }

        if (only is not null and not "machine")
        {
            return met;
        }

        if (await Lab.MissingAsync() is { } lack)
        {
            await Console.Error.WriteLineAsync(lack + ": the figures on machines are left out");
            return met;
        }

        await using var mongo = Mongo.TryCreate()!;
        await using var lab = await Lab.ClusterUpAsync(mongo, LabNodes, image);
        return await MachineAsync(lab, rounds) && met;
    }

    /// <summary>From the engine's die event to the successor's start, less what the engine took to make and start it.</summary>
    private static async Task<bool> ContainerAsync(Cluster cluster, int rounds)
    {
        var over = new List<double>();
        for (var round = -WarmUpRounds; round < rounds; round++)
        {
            var before = (await cluster.Api.RunningAsync(App, "idle", 1))[0];
            await Engine.RunAsync("kill", before.Text("containerId"));
            var tasks = await Until.IsAsync(
                () => cluster.Api.TasksAsync(App, all: true),
                found => Find(found, before.Text("id")).Text("finishedAt").Length > 0 && found.Any(task => task.Text("state") == "Running"),
                "it is replaced");
            var after = tasks.Single(task => task.Text("state") == "Running");
            var gap = Time(after.Text("runningAt")) - Time(Find(tasks, before.Text("id")).Text("finishedAt"));
            if (round >= 0)
            {
                over.Add(gap.TotalMilliseconds - (after.GetProperty("engineSeconds").GetDouble() * 1000));
            }
        }

        await TellAsync("container-over-raw, ms", over);
        new Figure(Name, "container-over-raw-p50", Statistics.Percentile(over, 0.5), "ms", null, "lower").Print();
        return new Figure(Name, "container-over-raw-p99", Statistics.Percentile(over, 0.99), "ms", 150, "lower").Print();
    }

    /// <summary>From its kill until it has taken its containers over; they are not touched.</summary>
    private static async Task<bool> AgentAsync(Cluster cluster, int rounds)
    {
        var back = new List<double>();
        var container = (await cluster.Api.RunningAsync(App, "idle", 1))[0].Text("containerId");
        for (var round = 0; round < rounds; round++)
        {
            var start = TimeProvider.System.GetTimestamp();
            await cluster.Agents[0].KillAsync();
            await cluster.Agents[0].StartAsync();
            back.Add(TimeProvider.System.GetElapsedTime(start).TotalSeconds);
            var task = (await cluster.Api.RunningAsync(App, "idle", 1))[0];
            if (task.Text("containerId") != container)
            {
                throw new InvalidOperationException("the agent's death cost a container");
            }
        }

        await TellAsync("agent-crash, s", back);
        return new Figure(Name, "agent-crash-p99", Statistics.Percentile(back, 0.99), "s", null, "lower").Print();
    }

    /// <summary>One more replica is asked for as one of two schedulers dies, always the same one, which is then started again: until it runs, less what the engine took.</summary>
    private static async Task<bool> SchedulerAsync(Cluster cluster, int rounds)
    {
        var took = new List<double>();
        for (var round = 0; round < rounds + WarmUpFailovers; round++)
        {
            var victim = cluster.Schedulers[0];
            using (var taken = await cluster.Api.SendAsync(HttpMethod.Post, $"services/{App}/idle/scale", new { Replicas = round + 2 }))
            {
                taken.EnsureSuccessStatusCode();
            }

            var start = TimeProvider.System.GetTimestamp();
            await victim.KillAsync();
            var tasks = await Until.IsAsync(() => cluster.Api.TasksAsync(App), found => found.Any(task => Slot(task) == round + 2 && task.Text("state") == "Running"), "it runs", Deadline);
            var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds - tasks.Single(task => Slot(task) == round + 2).GetProperty("engineSeconds").GetDouble();
            if (round >= WarmUpFailovers)
            {
                took.Add(seconds);
            }

            await victim.StartAsync();
        }

        await TellAsync("failover, s", took);
        return new Figure(Name, "failover-p99", Statistics.Percentile(took, 0.99), "s", 1, "lower").Print();
    }

    /// <summary>A machine's link goes down: until it is known as lost, and until all its tasks run elsewhere.</summary>
    private static async Task<bool> MachineAsync(Lab lab, int rounds)
    {
        var (detect, whole) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var node = 1 + (round % LabNodes);
            var name = string.Create(CultureInfo.InvariantCulture, $"node{node}");
            await lab.Api.DeployAsync(App, Compose.Replace("restart_policy:", $"replicas: {LabReplicas}, restart_policy:", StringComparison.Ordinal));
            var tasks = await lab.Api.RunningAsync(App, "idle", LabReplicas);
            if (tasks.Count(task => task.Text("node") == name) != LabReplicas / LabNodes)
            {
                throw new InvalidOperationException($"{name} has not its share of the tasks");
            }

            var start = TimeProvider.System.GetTimestamp();
            await lab.RunAsync("cut", node.ToString(CultureInfo.InvariantCulture));
            await Until.IsAsync(() => LivenessAsync(lab, name), liveness => liveness == "Lost", "it is lost", Deadline);
            detect.Add(TimeProvider.System.GetElapsedTime(start).TotalSeconds);
            await Until.IsAsync(() => lab.Api.TasksAsync(App), tasks => tasks.Count(task => IsGood(task) && task.Text("node") != name) == LabReplicas, "all run elsewhere", Deadline);
            whole.Add(TimeProvider.System.GetElapsedTime(start).TotalSeconds);
            await lab.RunAsync("heal", node.ToString(CultureInfo.InvariantCulture));
            await Until.IsAsync(() => LivenessAsync(lab, name), liveness => liveness == "Ready", "it is back", Deadline);
            await lab.Api.RemoveAsync(App);
            await lab.Api.GoneAsync(App);
        }

        await TellAsync("detect, s", detect);
        await TellAsync("machine, s", whole);
        var met = new Figure(Name, "detect-p99", Statistics.Percentile(detect, 0.99), "s", 4, "lower").Print();
        met &= new Figure(Name, "machine-p50", Statistics.Percentile(whole, 0.5), "s", 6, "lower").Print();
        new Figure(Name, "machine-p99", Statistics.Percentile(whole, 0.99), "s", null, "lower").Print();
        return met;
    }

    /// <summary>Each round, for who wants to know where an outlier comes from.</summary>
    private static Task TellAsync(string what, IEnumerable<double> rounds) =>
        Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{what}: {string.Join(' ', rounds.Select(value => Math.Round(value, 2)))}"));

    private static async Task<string> LivenessAsync(Lab lab, string name) => (await lab.Api.ListAsync("nodes")).Single(node => node.Text("name") == name).Text("liveness");

    private static bool IsGood(JsonElement task) => task.Text("state") == "Running" && task.Text("desired") == "Run";

    private static int Slot(JsonElement task) => task.GetProperty("slot").GetInt32();

    private static JsonElement Find(IEnumerable<JsonElement> tasks, string id) => tasks.Single(task => task.Text("id") == id);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
