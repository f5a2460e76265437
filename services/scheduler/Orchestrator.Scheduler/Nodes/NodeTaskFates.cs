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

/// <summary>Does to a node's tasks what its liveness means for them. What is set aside for them stays until they are final.</summary>
internal sealed class NodeTaskFates(
    ITaskStore tasks, IServiceStore services, RevisionCache revisions, PlacementDesk placement, WaitingServices waiting, Instructor instructor, IBus bus, IOptions<SchedulerOptions> options, TimeProvider time, ILogger<NodeTaskFates> logger)
{
    public async Task FollowAsync(NodeLivenessDocument found, CancellationToken cancellation)
    {
        var here = await tasks.ListLiveByNodeAsync(found.Id, cancellation);
        var policies = found.Liveness >= NodeLiveness.Lost ? await PoliciesAsync(here, cancellation) : NoPolicies;
        var lasts = time.GetUtcNow() - found.ChangedAt;
        await ChangeAsync(
            found.Id, found.Liveness.ToString(), here,
            task => TaskFates.Of((found.Liveness, lasts), task.State, task.NodeLost, task.NodeReturned, policies.GetValueOrDefault(task.ServiceId)), cancellation);
    }

    /// <summary>The node will not come back: nothing on it does.</summary>
    public async Task GiveUpAsync(string nodeId, CancellationToken cancellation) =>
        await ChangeAsync(nodeId, "removed", await tasks.ListLiveByNodeAsync(nodeId, cancellation), task => task.State.IsFinal() ? TaskFate.Stays : TaskFate.IsGivenUp, cancellation);

    private static IReadOnlyDictionary<string, DisconnectSpec> NoPolicies { get; } = new Dictionary<string, DisconnectSpec>();

    /// <summary>Of each service that wants its tasks to be waited for, what is wanted of it now, whatever its tasks were started with.</summary>
    private async Task<IReadOnlyDictionary<string, DisconnectSpec>> PoliciesAsync(IReadOnlyList<TaskDocument> here, CancellationToken cancellation)
    {
        var wanted = new List<(string ServiceId, int Revision)>();
        foreach (var serviceId in here.Select(task => task.ServiceId).Distinct())
        {
            if (await services.FindAsync(serviceId, cancellation) is { Removed: false } service)
            {
                wanted.Add((serviceId, service.Revision));
            }
        }

        return (await revisions.FindManyAsync(wanted, cancellation)).Values.Where(revision => revision.Spec.Disconnect is not null)
            .ToDictionary(revision => revision.ServiceId, revision => revision.Spec.Disconnect!);
    }

    private async Task ChangeAsync(string nodeId, string why, IReadOnlyList<TaskDocument> here, Func<TaskDocument, TaskFate> fateOf, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
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
        var lost = await tasks.ReplaceManyAsync([.. changes.Select(change => change.Task)], cancellation);
        var stored = changes.Where(change => !lost.Contains(change.Task.Id)).ToLookup(change => change.Fate, change => change.Task with { Version = change.Task.Version + 1 });
        await instructor.InstructAsync([.. stored[TaskFate.IsAsked]], cancellation);
        await ReleaseAsync([.. stored[TaskFate.IsGivenUp]], cancellation);
        var gone = stored[TaskFate.IsLost].Concat(stored[TaskFate.IsGivenUp]).ToList();
        if (gone.Count > 0)
        {
            Log.TasksLost(logger, nodeId, gone.Count, why);
            await bus.PublishManyAsync(EventHead.TasksChanged(gone, now), cancellation);
            await ChangedAsync(gone.Select(task => task.ServiceId), cancellation);
        }

        await bus.PublishManyAsync(EventHead.TasksChanged([.. stored[TaskFate.IsAwaited]], now), cancellation);
    }

    private async Task ReleaseAsync(IReadOnlyList<TaskDocument> givenUp, CancellationToken cancellation)
    {
        if (givenUp.Count > 0)
        {
            await placement.ReleaseAsync([.. givenUp.Select(task => (task.NodeId!, task.Id))], cancellation);
            await waiting.TasksEndedAsync(givenUp, cancellation);
        }
    }

    private Task ChangedAsync(IEnumerable<string> serviceIds, CancellationToken cancellation) =>
        bus.PublishManyAsync([.. serviceIds.Distinct().Select(id => new ServiceChanged { ServiceId = id })], cancellation);

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
        _ => task with { InstructDueAt = now + options.Value.InstructAgainAfter, UpdatedAt = now },
    };
}
