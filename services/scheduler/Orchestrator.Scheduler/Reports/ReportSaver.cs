using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reports;

/// <summary>Stores what nodes report of their tasks: one read and one write for all.</summary>
internal sealed class ReportSaver(ITaskStore tasks, INodeLivenessStore liveness, TimeProvider time)
{
    public async Task<ReportedTasks> SaveAsync(IReadOnlyList<TasksReported> messages, CancellationToken cancellation)
    {
        var open = messages.SelectMany(message => message.Tasks.Select(report => (Key: (message.NodeId, report.TaskId), Report: report)))
            .GroupBy(entry => entry.Key, entry => entry.Report).ToDictionary(group => group.Key, group => group.MaxBy(report => (report.AgentEpoch, report.Seq))!);
        var changes = new List<(TaskDocument Before, TaskDocument After)>();
        var known = new Dictionary<string, TaskDocument>();
        while (open.Count > 0)
        {
            var stored = await tasks.FindManyAsync([.. open.Keys.Select(key => key.TaskId).Distinct()], cancellation);
            var silent = await SilentAsync(stored, cancellation);
            var now = time.GetUtcNow();
            var merged = new List<(TaskDocument Before, TaskDocument After)>();
            foreach (var task in stored)
            {
                known[task.Id] = task;
                if (task.NodeId is { } node && open.TryGetValue((node, task.Id), out var report) && TaskReportMerge.Merge(task, report, !silent.Contains(node), now) is { } after)
                {
                    merged.Add((task, after));
                }
            }

            var lost = merged.Count > 0 ? await tasks.ReplaceManyAsync([.. merged.Select(pair => pair.After)], cancellation) : new HashSet<string>();
            changes.AddRange(merged.Where(pair => !lost.Contains(pair.Before.Id)).Select(pair => (pair.Before, pair.After with { Version = pair.Before.Version + 1 })));
            open = open.Where(entry => lost.Contains(entry.Key.TaskId)).ToDictionary();
        }

        return new ReportedTasks(changes, known);
    }

    /// <returns>Nodes held for lost. Asked only where it matters: a report may be older than its node's loss.</returns>
    private async Task<IReadOnlySet<string>> SilentAsync(IReadOnlyList<TaskDocument> reported, CancellationToken cancellation)
    {
        var doubtful = reported.Where(task => task.NodeLost).Select(task => task.NodeId).OfType<string>().Distinct().ToList();
        return doubtful.Count == 0
            ? new HashSet<string>()
            : (await liveness.FindManyAsync(doubtful, cancellation)).Where(found => found.Liveness >= NodeLiveness.Lost).Select(found => found.Id).ToHashSet();
    }
}
