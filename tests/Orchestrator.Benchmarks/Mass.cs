using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>One node of ten goes silent, all at the same moment: from the verdict on a node until its tasks have other nodes.</summary>
internal static class Mass
{
    private const string Name = "mass";
    private const int Apps = 10;
    private const int Page = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var given = new Options(options);
        var (nodes, tasks, services) = (given.Number("--nodes", 1_000), given.Number("--tasks", 30_000), given.Number("--services", 100));
        await using var stage = await ScaleStage.TryStartAsync(nodes, mongo: given.Text("--store") == "mongo");
        if (stage is null)
        {
            return false;
        }

        // Nodes that are full have equally many tasks.
        await stage.DeployAsync("bench", Apps, services / Apps, tasks / services, cpus: Math.Floor(10 * ScaleStage.CpusOfANode * nodes / (tasks * 1.2)) / 10);
        await stage.RunningAsync(tasks);
        var silent = stage.Nodes.Ids.Where((_, place) => place % 10 == 0).ToHashSet();
        var waiting = stage.Nodes.Tasks().Where(task => silent.Contains(task.NodeId)).ToDictionary(task => Slot(task.Spec!.App, task.Spec.Service, task.Spec.Slot), task => task.NodeId);
        await Console.Error.WriteLineAsync($"{silent.Count} nodes with {waiting.Count} tasks go silent");
        var after = (await stage.Api.ListAsync("events?limit=1"))[0].GetProperty("sequence").GetInt64();
        stage.Nodes.Silence(silent);
        var took = await FollowAsync(stage, after, waiting);
        var gate = nodes == 1_000 ? 5 : (double?)null;
        new Figure(Name, "replaced-p50-s", took.Tasks.Count == 0 ? 0 : Statistics.Percentile(took.Tasks, 0.5), "s", null, "lower").Print();
        new Figure(Name, "all-replaced-s", Math.Round(took.All, 2), "s", null, "lower").Print();
        new Figure(Name, "tasks", took.Tasks.Count, "1", null, "higher").Print();
        return new Figure(Name, "replaced-s", took.Tasks.Count == 0 ? 0 : Math.Round(took.Tasks.Max(), 2), "s", gate, "lower").Print();
    }

    /// <summary>As events are seen in the history, not as they are dated.</summary>
    /// <returns>Seconds from each task's node's loss to its successor's node; and from the first loss to the last successor.</returns>
    private static async Task<(IReadOnlyList<double> Tasks, double All)> FollowAsync(ScaleStage stage, long after, Dictionary<string, string> waiting)
    {
        var (lost, took, start) = (new Dictionary<string, long>(), new List<double>(), TimeProvider.System.GetTimestamp());
        long first = 0;
        while (waiting.Count > 0)
        {
            var events = await stage.Api.ListAsync($"events?after={after}&limit={Page}");
            var now = TimeProvider.System.GetTimestamp();
            foreach (var item in events)
            {
                after = item.GetProperty("sequence").GetInt64();
                if (item.Text("type") == "node-lost")
                {
                    lost[item.Text("nodeId")] = now;
                    first = first == 0 ? now : first;
                }

                foreach (var task in Changed(item).Where(task => task.Text("state") == "Assigned"))
                {
                    var slot = Slot(item.Text("app"), item.Text("service"), task.GetProperty("slot").GetInt32());
                    if (waiting.TryGetValue(slot, out var node) && task.Text("nodeId") != node && lost.TryGetValue(node, out var at))
                    {
                        took.Add(TimeProvider.System.GetElapsedTime(at, now).TotalSeconds);
                        waiting.Remove(slot);
                    }
                }
            }

            if (TimeProvider.System.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException($"{waiting.Count} tasks are not replaced, {lost.Count} nodes are lost");
            }

            if (events.Count < Page)
            {
                await Task.Delay(Look, TimeProvider.System);
            }
        }

        return (took, TimeProvider.System.GetElapsedTime(first).TotalSeconds);
    }

    private static IEnumerable<JsonElement> Changed(JsonElement item) =>
        item.Text("type") == "tasks-changed" ? item.GetProperty("body").GetProperty("tasks").EnumerateArray() : [];

    private static string Slot(string app, string service, int slot) => FormattableString.Invariant($"{app}/{service}.{slot}");
}
