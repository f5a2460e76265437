using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Events;
using Orchestrator.Scheduler.Nodes;
using Orchestrator.Scheduler.Placement;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reports;

/// <summary>Takes what nodes report: what comes while some is being stored is stored together.</summary>
internal sealed class ReportDesk
{
    /// <summary>One group is decided while the one before it is being stored.</summary>
    private const int GroupsAtOnce = 2;

    private readonly ITaskStore _tasks;
    private readonly ReportSaver _saver;
    private readonly SuccessorAdoption _adoption;
    private readonly WaitingServices _waiting;
    private readonly PlacementDesk _placement;
    private readonly QuarantineDesk _quarantine;
    private readonly OrphanDesk _orphans;
    private readonly Instructor _instructor;
    private readonly IBus _bus;
    private readonly TimeProvider _time;
    private readonly Together<TasksReported, bool> _together;

    public ReportDesk(
        ITaskStore tasks, ReportSaver saver, SuccessorAdoption adoption, WaitingServices waiting, PlacementDesk placement, QuarantineDesk quarantine, OrphanDesk orphans, Instructor instructor, IBus bus, TimeProvider time)
    {
        (_tasks, _saver, _adoption, _waiting, _placement, _quarantine, _orphans, _instructor, _bus, _time) =
            (tasks, saver, adoption, waiting, placement, quarantine, orphans, instructor, bus, time);
        _together = new Together<TasksReported, bool>(TakeAsync, GroupsAtOnce);
    }

    public Task TakeAsync(TasksReported message, CancellationToken cancellation) => _together.AskAsync(message, cancellation);

    private async Task<IReadOnlyList<bool>> TakeAsync(IReadOnlyList<TasksReported> messages, CancellationToken cancellation)
    {
        foreach (var message in messages)
        {
            await _adoption.AdoptAsync(message, cancellation);
        }

        var saved = await _saver.SaveAsync(messages, cancellation);
        if (await AdoptStrangersAsync(messages, saved.Known, cancellation))
        {
            // What fits is a task now, and the same report tells how it is.
            saved = saved.Then(await _saver.SaveAsync(messages, cancellation));
        }

        var over = saved.Over(messages.SelectMany(message => message.Tasks.Select(report => (message.NodeId, report.TaskId))).ToHashSet());
        await _placement.ReleaseAsync([.. over.Where(task => task is { NodeId: not null, PreemptedFor: null }).Select(task => (task.NodeId!, task.Id))], cancellation);
        await _bus.PublishManyAsync(EventHead.TasksChanged(saved.VisiblyChanged, _time.GetUtcNow()), cancellation);
        await _waiting.TasksEndedAsync(over, cancellation);
        var look = saved.Changes.Where(change => change.After.DirtySince is not null).Select(change => change.After.ServiceId).ToHashSet();
        look.UnionWith(await NomineesAsync(over, cancellation));
        await _bus.PublishManyAsync([.. look.Select(id => new ServiceChanged { ServiceId = id })], cancellation);
        await TakeEndsAsync(messages, cancellation);
        foreach (var node in saved.Ended.GroupBy(task => task.NodeId!))
        {
            await _quarantine.NoteAsync(node.Key, [.. node], cancellation);
        }

        await AnswerStrangersAsync(messages, saved.Known, cancellation);
        await AnswerEndedStrangersAsync(messages, saved.Known, cancellation);
        return new bool[messages.Count];
    }

    /// <returns>Ids of the services with tasks that others have left for.</returns>
    private async Task<IEnumerable<string>> NomineesAsync(IReadOnlyList<TaskDocument> over, CancellationToken cancellation)
    {
        var ids = over.Select(task => task.PreemptedFor).OfType<string>().Distinct().ToList();
        return ids.Count == 0 ? [] : (await _tasks.FindManyAsync(ids, cancellation)).Select(task => task.ServiceId);
    }

    /// <returns>Whether any was taken over.</returns>
    private async Task<bool> AdoptStrangersAsync(IReadOnlyList<TasksReported> messages, IReadOnlyDictionary<string, TaskDocument> known, CancellationToken cancellation)
    {
        var adopted = false;
        foreach (var message in messages)
        {
            var unknown = message.Tasks.Where(report => report is { Unknown: not null } && !report.State.IsFinal()
                && (!known.TryGetValue(report.TaskId, out var task) || task.NodeId != message.NodeId)).ToList();
            var ended = message.Tasks.Where(report => report.State.IsFinal()).Select(report => report.TaskId).ToHashSet();
            adopted |= unknown.Count + ended.Count > 0 && (await _orphans.TakeAsync(message.NodeId, unknown, ended, cancellation)).Count > 0;
        }

        return adopted;
    }

    /// <summary>The node sees to what follows where nobody else does.</summary>
    private Task TakeEndsAsync(IReadOnlyList<TasksReported> messages, CancellationToken cancellation) => _bus.SendManyAsync(
        [.. messages.SelectMany(message => message.Tasks.Where(report => report.State is TaskState.Failed or TaskState.Completed).Select(report => (message.NodeId, report.TaskId)))
            .Distinct().GroupBy(end => end.NodeId, end => end.TaskId)
            .Select(node => (NodeQueue.Address(node.Key), new EndsTaken { NodeId = node.Key, TaskIds = [.. node] }))],
        cancellation);

    /// <summary>A node that holds no instruction for what has ended hears that nothing follows, where nobody knows it or it was to stop: it may clean up.</summary>
    private Task AnswerEndedStrangersAsync(IReadOnlyList<TasksReported> messages, IReadOnlyDictionary<string, TaskDocument> known, CancellationToken cancellation) => _bus.SendManyAsync(
        [.. messages.SelectMany(message => message.Tasks
                .Where(report => report.Unknown is not null && report.State.IsFinal()
                    && (!known.TryGetValue(report.TaskId, out var task) || task.NodeId != message.NodeId || task.Desired == DesiredState.Stop))
                .Select(report => (message.NodeId, Task: new NodeTask
                {
                    TaskId = report.TaskId, Version = known.GetValueOrDefault(report.TaskId)?.InstructionVersion ?? 1, Desired = DesiredState.Stop, Routed = false, Observed = report.State,
                })))
            .DistinctBy(end => end.Task.TaskId).GroupBy(end => end.NodeId, end => end.Task)
            .Select(node => (NodeQueue.Address(node.Key), new UpdateNodeTasks { NodeId = node.Key, Tasks = [.. node] }))],
        cancellation);

    /// <summary>Containers that should not run are told to stop; those nobody knows run on.</summary>
    private Task AnswerStrangersAsync(IReadOnlyList<TasksReported> messages, IReadOnlyDictionary<string, TaskDocument> known, CancellationToken cancellation) =>
        _instructor.InstructAsync(
            [.. messages.SelectMany(message => message.Tasks
                .Where(report => !report.State.IsFinal() && known.TryGetValue(report.TaskId, out var task) && task.NodeId == message.NodeId && (report.Unknown is not null || task.State == TaskState.Lost))
                .Select(report => known[report.TaskId])
                .Select(task => task.State.IsFinal() ? task with { Desired = DesiredState.Stop, InstructionVersion = task.InstructionVersion + 1 } : task)).DistinctBy(task => task.Id)],
            cancellation);
}
