using System.Collections.Concurrent;
using System.Globalization;

namespace Orchestrator.Benchmarks;

/// <summary>A large cluster in which tasks come and go: how long its API takes, and what it costs to hold it. Requests are sent at their time, whatever became of those before.</summary>
internal static class Hold
{
    private const string Name = "hold";
    private const int ServicesOfAnApp = 10;
    private const int TasksOfAService = 500;
    private const int ReadsPerSecond = 20;
    private const int TasksOfAScale = 10;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(20);

    /// <summary>Other benches have tasks counted for the metrics forty times as often, which here would be the greater part of what is measured.</summary>
    private static readonly IReadOnlyDictionary<string, string> CountedAsUsual = new Dictionary<string, string> { ["Scheduler__TasksCountedEvery"] = "00:00:10" };


    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var given = new Options(options);
        var (nodes, tasks, churn, minutes) = (given.Number("--nodes", 5_000), given.Number("--tasks", 150_000), given.Number("--churn", 20), given.Number("--minutes", 5));
        await using var stage = await ScaleStage.TryStartAsync(nodes, mongo: given.Text("--store") == "mongo", CountedAsUsual);
        if (stage is null)
        {
            return false;
        }

        var apps = tasks / TasksOfAService / ServicesOfAnApp;
        await stage.DeployAsync("bench", apps, ServicesOfAnApp, TasksOfAService, cpus: 2);
        await stage.RunningAsync(apps * ServicesOfAnApp * TasksOfAService);
        await Task.Delay(Settle, TimeProvider.System);
        var (cpu, start) = (stage.Cpu(), TimeProvider.System.GetTimestamp());
        var (reads, writes) = await AskAsync(stage, apps, churn, TimeSpan.FromMinutes(minutes));
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        var whole = nodes == 5_000 && tasks == 150_000 && churn == 20;
        foreach (var (process, used) in stage.Cpu())
        {
            new Figure(Name, "cpu-percent-" + process, Math.Round(100 * (used - cpu[process]) / seconds, 1), "%", null, "lower").Print();
            new Figure(Name, "rss-" + process, Math.Round(ProcessUse.ResidentBytes(stage.Processes[process]) / 1048576.0), "MiB", null, "lower").Print();
        }

        new Figure(Name, "failed", reads.Concat(writes).Count(request => !request.Good), "1", null, "lower").Print();
        foreach (var kind in reads.GroupBy(request => request.Kind))
        {
            new Figure(Name, "read-p99-" + kind.Key, Statistics.Percentile(kind.Select(request => request.Milliseconds), 0.99), "ms", null, "lower").Print();
        }

        new Figure(Name, "read-p50", Statistics.Percentile(reads.Select(request => request.Milliseconds), 0.5), "ms", null, "lower").Print();
        new Figure(Name, "write-p50", Statistics.Percentile(writes.Select(request => request.Milliseconds), 0.5), "ms", null, "lower").Print();
        var met = new Figure(Name, "read-p99", Statistics.Percentile(reads.Select(request => request.Milliseconds), 0.99), "ms", whole ? 50 : null, "lower").Print();
        return new Figure(Name, "write-p99", Statistics.Percentile(writes.Select(request => request.Milliseconds), 0.99), "ms", whole ? 200 : null, "lower").Print() & met;
    }

    private static async Task<(IReadOnlyList<Request> Reads, IReadOnlyList<Request> Writes)> AskAsync(ScaleStage stage, int apps, int churn, TimeSpan lasts)
    {
        var (reads, writes, asked, dice) = (new ConcurrentBag<Request>(), new ConcurrentBag<Request>(), new List<Task>(), new Random(1));
        var (taskIds, nodeIds) = (stage.Nodes.Tasks().Take(1_000).Select(task => task.Wanted.TaskId).ToList(), stage.Nodes.Ids);
        var (start, sentReads, sentWrites) = (TimeProvider.System.GetTimestamp(), 0, 0);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        while (await timer.WaitForNextTickAsync() && TimeProvider.System.GetElapsedTime(start) is var elapsed && elapsed < lasts)
        {
            for (; sentReads < elapsed.TotalSeconds * ReadsPerSecond; sentReads++)
            {
                var (app, service) = ($"bench{dice.Next(apps) + 1}", $"s{dice.Next(ServicesOfAnApp) + 1}");
                var (kind, path) = (sentReads % 6) switch
                {
                    0 => ("service", $"services/{app}/{service}"),
                    1 => ("task", "tasks/" + taskIds[dice.Next(taskIds.Count)]),
                    2 => ("node", "nodes/" + nodeIds[dice.Next(nodeIds.Count)]),
                    3 => ("tasks-page", $"tasks?app={app}&service={service}&limit=100"),
                    4 => ("nodes-page", "nodes?limit=100"),
                    _ => ("services-of-app", "services?app=" + app),
                };
                asked.Add(TimeAsync(stage.Api, kind, HttpMethod.Get, path, null, reads));
            }

            // One more of a service, then as many fewer of it again: each time so many tasks come or go.
            for (; sentWrites < elapsed.TotalSeconds * churn / TasksOfAScale; sentWrites++)
            {
                var number = sentWrites / 2 % (apps * ServicesOfAnApp);
                var path = string.Create(CultureInfo.InvariantCulture, $"services/bench{(number % apps) + 1}/s{(number / apps) + 1}/scale");
                asked.Add(TimeAsync(stage.Api, "scale", HttpMethod.Post, path, new { Replicas = TasksOfAService + (sentWrites % 2 == 0 ? TasksOfAScale : 0) }, writes));
            }
        }

        await Task.WhenAll(asked);
        return ([.. reads], [.. writes]);
    }

    private static async Task TimeAsync(Api api, string kind, HttpMethod method, string path, object? body, ConcurrentBag<Request> into)
    {
        var start = TimeProvider.System.GetTimestamp();
        var good = false;
        try
        {
            using var answer = await api.SendAsync(method, path, body);
            await answer.Content.ReadAsByteArrayAsync();
            good = answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException exception)
        {
            await Console.Error.WriteLineAsync($"{method} {path}: {exception.Message}");
        }

        into.Add(new Request(kind, TimeProvider.System.GetElapsedTime(start).TotalMilliseconds, good));
    }

    private sealed record Request(string Kind, double Milliseconds, bool Good);
}
