using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reports;

/// <summary>Makes a task of a container that runs already.</summary>
internal sealed class TaskAdoption(ITaskStore tasks, INodeStore nodes, PlacementDesk placement, IOptions<SchedulerOptions> options, TimeProvider time)
{
    /// <summary>Never a revision's hash: its service replaces the task in its turn.</summary>
    private const string OtherTemplate = "unknown";

    /// <param name="taskId">As the container's label says.</param>
    /// <param name="nodeId">Where it runs.</param>
    /// <param name="service">Whose it is from now on.</param>
    /// <param name="revision">Of what it was made; null: not known.</param>
    /// <param name="slot">Its slot.</param>
    /// <param name="attempt">Null: the next.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <param name="instead">The ended task whose reservation goes to it.</param>
    /// <param name="report">What its node tells of it: a pass that comes at once must not take it for one that has yet to start.</param>
    public async Task<TaskDocument> AdoptAsync(
        string taskId, string nodeId, ServiceDocument service, RevisionDocument? revision, int slot, int? attempt, CancellationToken cancellation, string? instead = null, TaskReport? report = null)
    {
        var now = time.GetUtcNow();
        var last = (await tasks.ListByServiceAsync(service.Id, cancellation)).Where(task => task.Slot == slot).Select(task => task.Attempt).DefaultIfEmpty(0).Max();
        var adopted = new TaskDocument
        {
            Id = taskId,
            App = service.App,
            Service = service.Name,
            ServiceId = service.Id,
            Slot = slot,
            Revision = revision?.Number ?? 0,
            TemplateHash = revision?.TemplateHash ?? OtherTemplate,
            Attempt = attempt ?? last + 1,
            Replaces = instead,
            Image = revision?.Spec.Container.Image ?? "",
            NodeId = nodeId,
            BoundNodeId = service.Mode == ServiceMode.Global ? nodeId : null,
            State = report?.State ?? TaskState.Assigned,
            Ready = report is { Ready: true, State: TaskState.Running },
            ReadySince = report is { Ready: true, State: TaskState.Running } ? now : null,
            RunningAt = report?.RunningAt,
            ContainerId = report?.ContainerId,
            InstructionVersion = 1,
            InstructDueAt = now + options.Value.InstructAgainAfter,
            DirtySince = now,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await tasks.InsertManyAsync([adopted], cancellation);
        if (revision is not null)
        {
            await ReserveAsync(adopted, TaskGroups.ClaimOf(service.Id, revision.Spec, options.Value.Demands), instead, cancellation);
        }

        return adopted;
    }

    /// <summary>It runs already: it is recorded even where others took the room meanwhile.</summary>
    private async Task ReserveAsync(TaskDocument adopted, Claim claim, string? instead, CancellationToken cancellation)
    {
        while (await nodes.FindAsync(adopted.NodeId!, cancellation) is { } node
            && !await placement.TryChangeAsync(node.Id, node.Version, new Dictionary<string, Reservation> { [adopted.Id] = ReservedClaims.Reserve(claim.On(NodeSnapshots.Of(node)), time.GetUtcNow()) }, instead is null ? [] : [instead], cancellation))
        {
            // Somebody else changed the node: again, on what it is now.
        }
    }
}
