using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Domain.Nodes;
using Orchestrator.Scheduler.Events;
using Orchestrator.Scheduler.Placement;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

/// <summary>Does to nodes' tasks what their liveness means for them: of nodes that are lost at the same time together. What is set aside for them stays until they are final.</summary>
internal sealed class NodeTaskFates
{
    private readonly ITaskStore _tasks;
    private readonly IServiceStore _services;
    private readonly RevisionCache _revisions;
    private readonly PlacementDesk _placement;
    private readonly WaitingServices _waiting;
    private readonly Instructor _instructor;
    private readonly IBus _bus;
    private readonly IOptions<SchedulerOptions> _options;
    private readonly TimeProvider _time;
    private readonly ILogger<NodeTaskFates> _logger;
    private readonly Together<NodeLivenessDocument, bool> _together;

    public NodeTaskFates(
        ITaskStore tasks, IServiceStore services, RevisionCache revisions, PlacementDesk placement, WaitingServices waiting, Instructor instructor, IBus bus, IOptions<SchedulerOptions> options, TimeProvider time, ILogger<NodeTaskFates> logger)
    {
        (_tasks, _services, _revisions, _placement, _waiting) = (tasks, services, revisions, placement, waiting);
        (_instructor, _bus, _options, _time, _logger) = (instructor, bus, options, time, logger);
        _together = new Together<NodeLivenessDocument, bool>(FollowAsync);
    }

    public Task FollowAsync(NodeLivenessDocument found, CancellationToken cancellation) => _together.AskAsync(found, cancellation);

    /// <summary>The node will not come back: nothing on it does.</summary>
    public async Task GiveUpAsync(string nodeId, CancellationToken cancellation) =>
        await ChangeAsync(await _tasks.ListLiveByNodeAsync(nodeId, cancellation), _ => "removed", task => task.State.IsFinal() ? TaskFate.Stays : TaskFate.IsGivenUp, cancellation);

    private async Task<IReadOnlyList<bool>> FollowAsync(IReadOnlyList<NodeLivenessDocument> asked, CancellationToken cancellation)
    {
        var found = asked.GroupBy(node => node.Id).ToDictionary(node => node.Key, node => node.MaxBy(document => document.Version)!);
        var here = await _tasks.ListLiveByNodesAsync([.. found.Keys], cancellation);
        var policies = await PoliciesAsync([.. here.Where(task => found[task.NodeId!].Liveness >= NodeLiveness.Lost)], cancellation);
        var now = _time.GetUtcNow();
        await ChangeAsync(
            here, nodeId => found[nodeId].Liveness.ToString(),
            task => found[task.NodeId!] is var node
                ? TaskFates.Of((node.Liveness, now - node.ChangedAt), task.State, task.NodeLost, task.NodeReturned, policies.GetValueOrDefault(task.ServiceId))
                : TaskFate.Stays,
            cancellation);
        return new bool[asked.Count];
    }

    /// <summary>Of each service that wants its tasks to be waited for, what is wanted of it now, whatever its tasks were started with.</summary>
    private async Task<IReadOnlyDictionary<string, DisconnectSpec>> PoliciesAsync(IReadOnlyList<TaskDocument> lost, CancellationToken cancellation)
    {
        if (lost.Count == 0)
        {
            return new Dictionary<string, DisconnectSpec>();
        }

        var wanted = (await _services.FindManyAsync([.. lost.Select(task => task.ServiceId).Distinct()], cancellation)).Where(service => !service.Removed).Select(service => (service.Id, service.Revision)).ToList();
        return (await _revisions.FindManyAsync(wanted, cancellation)).Values.Where(revision => revision.Spec.Disconnect is not null)
            .ToDictionary(revision => revision.ServiceId, revision => revision.Spec.Disconnect!);
    }

    private async Task ChangeAsync(IReadOnlyList<TaskDocument> here, Func<string, string> why, Func<TaskDocument, TaskFate> fateOf, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var changes = here
            .Select(task => (Fate: fateOf(task), Task: task))
            .Where(change => change.Fate != TaskFate.Stays && !(change.Fate == TaskFate.IsAwaited && !change.Task.Ready))
            .Select(change => (change.Fate, Task: After(change.Task, change.Fate, now)))
            .ToList();
        if (changes.Count == 0)
        {
            return;
        }

        // What loses here has changed meanwhile, and the sweep comes back to it.
        var lost = await _tasks.ReplaceManyAsync([.. changes.Select(change => change.Task)], cancellation);
        var stored = changes.Where(change => !lost.Contains(change.Task.Id)).ToLookup(change => change.Fate, change => change.Task with { Version = change.Task.Version + 1 });
        await _instructor.InstructAsync([.. stored[TaskFate.IsAsked]], cancellation);
        await ReleaseAsync([.. stored[TaskFate.IsGivenUp]], cancellation);
        var gone = stored[TaskFate.IsLost].Concat(stored[TaskFate.IsGivenUp]).ToList();
        foreach (var node in gone.GroupBy(task => task.NodeId!))
        {
            Log.TasksLost(_logger, node.Key, node.Count(), why(node.Key));
        }

        await _bus.PublishManyAsync(EventHead.TasksChanged(gone, now), cancellation);
        await ChangedAsync(gone.Select(task => task.ServiceId), cancellation);
        await _bus.PublishManyAsync(EventHead.TasksChanged([.. stored[TaskFate.IsAwaited]], now), cancellation);
    }

    private async Task ReleaseAsync(IReadOnlyList<TaskDocument> givenUp, CancellationToken cancellation)
    {
        if (givenUp.Count > 0)
        {
            await _placement.ReleaseAsync([.. givenUp.Select(task => (task.NodeId!, task.Id))], cancellation);
            await _waiting.TasksEndedAsync(givenUp, cancellation);
        }
    }

    private Task ChangedAsync(IEnumerable<string> serviceIds, CancellationToken cancellation) =>
        _bus.PublishManyAsync([.. serviceIds.Distinct().Select(id => new ServiceChanged { ServiceId = id })], cancellation);

    private TaskDocument After(TaskDocument task, TaskFate fate, DateTimeOffset now) => fate switch
    {
        // Out of routing at once, on its own node too as soon as that can be told: its slot is about to have another task.
        TaskFate.IsLost => task with
        {
            NodeLost = true,
            NodeReturned = false,
            Ready = false,
            Routed = false,
            Message = "its node is lost",
            InstructionVersion = task.Routed ? task.InstructionVersion + 1 : task.InstructionVersion,
            InstructDueAt = null,
            DirtySince = task.DirtySince ?? now,
            UpdatedAt = now,
        },
        TaskFate.IsAwaited => task with
        {
            Ready = false,
            Message = "its node is lost; it is waited for, as disconnect.lost_after says",
            DirtySince = task.DirtySince ?? now,
            UpdatedAt = now,
        },
        TaskFate.IsGivenUp => task with
        {
            State = TaskState.Lost,
            NodeLost = true,
            NodeReturned = false,
            Ready = false,
            Routed = false,
            Message = "its node was lost and did not come back",
            InstructDueAt = null,
            FinishedAt = now,
            DirtySince = task.DirtySince ?? now,
            UpdatedAt = now,
        },
        _ => task with { InstructDueAt = now + _options.Value.InstructAgainAfter, UpdatedAt = now },
    };
}
