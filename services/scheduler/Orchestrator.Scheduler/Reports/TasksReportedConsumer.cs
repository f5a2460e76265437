using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Events;
using Orchestrator.Scheduler.Nodes;
using Orchestrator.Scheduler.Placement;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reports;

internal sealed class TasksReportedConsumer(
    ITaskStore tasks, SuccessorAdoption adoption, WaitingServices waiting, INodeLivenessStore liveness, PlacementDesk placement, QuarantineDesk quarantine, OrphanDesk orphans, Instructor instructor, IBus bus, TimeProvider time)
    : IConsumer<TasksReported>
{
    public async Task Consume(ConsumeContext<TasksReported> context)
    {
        var message = context.Message;
        var cancellation = context.CancellationToken;
        await adoption.AdoptAsync(message, cancellation);
        var (changes, known) = await SaveAsync(message, cancellation);
        if (await AdoptStrangersAsync(message, known, cancellation))
        {
            // What fits is a task now, and the same report tells how it is.
            var again = await SaveAsync(message, cancellation);
            (changes, known) = ([.. changes, .. again.Changes], again.Known);
        }

        var now = time.GetUtcNow();
        var ended = changes.Where(change => change.After.State.IsFinal() && !change.Before.State.IsFinal()).Select(change => change.After).ToList();
        var over = ended.Concat(known.Values.Where(task => task.NodeId == message.NodeId && HasJustEnded(task))).DistinctBy(task => task.Id).ToList();
        await placement.ReleaseAsync([.. over.Where(task => task is { NodeId: not null, PreemptedFor: null }).Select(task => (task.NodeId!, task.Id))], cancellation);
        var changed = changes.Where(change => IsVisible(change.Before, change.After)).Select(change => change.After).ToList();
        await bus.PublishManyAsync(EventHead.TasksChanged(changed, now), cancellation);
        var look = changes.Where(change => change.After.DirtySince is not null).Select(change => change.After.ServiceId).ToHashSet();
        await waiting.TasksEndedAsync(over, cancellation);
        if (over.Count > 0)
        {
            var nominees = await tasks.FindManyAsync([.. over.Select(task => task.PreemptedFor).OfType<string>().Distinct()], cancellation);
            look.UnionWith(nominees.Select(task => task.ServiceId));
        }

        await bus.PublishManyAsync([.. look.Select(id => new ServiceChanged { ServiceId = id })], cancellation);
        await TakeEndsAsync(message, cancellation);
        await quarantine.NoteAsync(message.NodeId, ended, cancellation);
        await AnswerStrangersAsync(message, known, cancellation);
    }

    /// <returns>Whether any was taken over.</returns>
    private async Task<bool> AdoptStrangersAsync(TasksReported message, IReadOnlyDictionary<string, TaskDocument> known, CancellationToken cancellation)
    {
        var unknown = message.Tasks.Where(report => report is { Unknown: not null } && !report.State.IsFinal()
            && (!known.TryGetValue(report.TaskId, out var task) || task.NodeId != message.NodeId)).ToList();
        var ended = message.Tasks.Where(report => report.State.IsFinal()).Select(report => report.TaskId).ToHashSet();
        return unknown.Count + ended.Count > 0 && (await orphans.TakeAsync(message.NodeId, unknown, ended, cancellation)).Count > 0;
    }

    /// <summary>The node sees to what follows where nobody else does.</summary>
    private async Task TakeEndsAsync(TasksReported message, CancellationToken cancellation)
    {
        var ends = message.Tasks.Where(report => report.State is TaskState.Failed or TaskState.Completed).Select(report => report.TaskId).Distinct().ToList();
        if (ends.Count > 0)
        {
            await bus.SendManyAsync([(NodeQueue.Address(message.NodeId), new EndsTaken { NodeId = message.NodeId, TaskIds = ends })], cancellation);
        }
    }

    private async Task<(IReadOnlyList<(TaskDocument Before, TaskDocument After)> Changes, IReadOnlyDictionary<string, TaskDocument> Known)> SaveAsync(
        TasksReported message, CancellationToken cancellation)
    {
        var open = message.Tasks.GroupBy(report => report.TaskId).ToDictionary(group => group.Key, group => group.MaxBy(report => (report.AgentEpoch, report.Seq))!);
        var changes = new List<(TaskDocument Before, TaskDocument After)>();
        var known = new Dictionary<string, TaskDocument>();
        while (open.Count > 0)
        {
            var stored = await tasks.FindManyAsync([.. open.Keys], cancellation);
            var answers = await AnswersAsync(message.NodeId, stored, cancellation);
            var now = time.GetUtcNow();
            var merged = stored
                .Where(task => task.NodeId == message.NodeId)
                .Select(task => (Before: task, After: TaskReportMerge.Merge(task, open[task.Id], answers, now)))
                .Where(pair => pair.After is not null)
                .ToList();
            foreach (var task in stored)
            {
                known[task.Id] = task;
            }

            var lost = merged.Count > 0 ? await tasks.ReplaceManyAsync([.. merged.Select(pair => pair.After!)], cancellation) : new HashSet<string>();
            changes.AddRange(merged.Where(pair => !lost.Contains(pair.Before.Id)).Select(pair => (pair.Before, pair.After! with { Version = pair.Before.Version + 1 })));
            open = open.Where(entry => lost.Contains(entry.Key)).ToDictionary();
        }

        return (changes, known);
    }

    /// <summary>Asked only where it matters: a report may be older than its node's loss.</summary>
    private async Task<bool> AnswersAsync(string nodeId, IReadOnlyList<TaskDocument> reported, CancellationToken cancellation) =>
        !reported.Any(task => task.NodeLost)
        || (await liveness.FindManyAsync([nodeId], cancellation)).All(found => found.Liveness < NodeLiveness.Lost);

    /// <summary>Containers that should not run are told to stop; those nobody knows run on.</summary>
    private async Task AnswerStrangersAsync(TasksReported message, IReadOnlyDictionary<string, TaskDocument> known, CancellationToken cancellation)
    {
        var running = message.Tasks.Where(report => !report.State.IsFinal()).ToList();
        var misplaced = running
            .Where(report => known.TryGetValue(report.TaskId, out var task) && task.NodeId == message.NodeId
                && (report.Unknown is not null || task.State == TaskState.Lost))
            .Select(report => known[report.TaskId])
            .Select(task => task.State.IsFinal() ? task with { Desired = DesiredState.Stop, InstructionVersion = task.InstructionVersion + 1 } : task)
            .ToList();
        await instructor.InstructAsync(misplaced, cancellation);
    }

    /// <summary>Whoever stored it may have been stopped before the rest was done: the same report comes again then.</summary>
    private static bool HasJustEnded(TaskDocument before) => before.State.IsFinal() && before.DirtySince is not null;

    private static bool IsVisible(TaskDocument before, TaskDocument after) =>
        before.State != after.State || before.Ready != after.Ready || before.Health != after.Health || before.NodeLost != after.NodeLost || before.Message != after.Message;
}
