using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Placement;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reports;

/// <summary>
/// Tasks that a node started by itself, while no scheduler answered, become tasks like others: in the slot of the one they follow. Should
/// that have another task by now, the reconciler keeps the one that is ready.
/// </summary>
internal sealed class SuccessorAdoption(
    ITaskStore tasks, INodeStore nodes, IServiceStore services, RevisionCache revisions, PlacementDesk placement, IOptions<SchedulerOptions> options, TimeProvider time, ILogger<SuccessorAdoption> logger)
{
    /// <summary>Before the reports are taken: afterwards they are reports of known tasks.</summary>
    public async Task AdoptAsync(TasksReported message, CancellationToken cancellation)
    {
        var reports = message.Tasks.Where(report => report.Replaces is not null).OrderBy(report => report.Seq).ToList();
        if (reports.Count == 0)
        {
            return;
        }

        var known = (await tasks.FindManyAsync([.. reports.Select(report => report.TaskId).Concat(reports.Select(report => report.Replaces!)).Distinct()], cancellation)).ToDictionary(task => task.Id);
        foreach (var report in reports.Where(report => !known.ContainsKey(report.TaskId)))
        {
            if (known.TryGetValue(report.Replaces!, out var ended) && ended.NodeId == message.NodeId && ended.Desired == DesiredState.Run
                && await services.FindAsync(ended.ServiceId, cancellation) is { Removed: false })
            {
                known[report.TaskId] = await AdoptAsync(report.TaskId, ended, cancellation);
            }
        }
    }

    private async Task<TaskDocument> AdoptAsync(string taskId, TaskDocument ended, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var attempts = (await tasks.ListByServiceAsync(ended.ServiceId, cancellation)).Where(task => task.Slot == ended.Slot).Max(task => task.Attempt);
        var adopted = new TaskDocument
        {
            Id = taskId,
            App = ended.App,
            Service = ended.Service,
            ServiceId = ended.ServiceId,
            Slot = ended.Slot,
            Revision = ended.Revision,
            TemplateHash = ended.TemplateHash,
            Attempt = attempts + 1,
            Image = ended.Image,
            NodeId = ended.NodeId,
            BoundNodeId = ended.BoundNodeId,
            State = TaskState.Assigned,
            InstructionVersion = 1,
            InstructDueAt = now + options.Value.InstructAgainAfter,
            DirtySince = now,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await tasks.InsertManyAsync([adopted], cancellation);
        await ReserveAsync(adopted, ended, now, cancellation);
        Log.SuccessorAdopted(logger, taskId, ended.Id, ended.NodeId!);
        return adopted;
    }

    /// <summary>What was set aside for the ended one goes to it in one step. It runs already: it is recorded even where others took the room meanwhile.</summary>
    private async Task ReserveAsync(TaskDocument adopted, TaskDocument ended, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await revisions.FindAsync(adopted.ServiceId, adopted.Revision, cancellation) is not { } revision)
        {
            return;
        }

        var claim = ReservedClaims.Reserve(TaskGroups.ClaimOf(adopted.ServiceId, revision.Spec, options.Value.Demands), now);
        while (await nodes.FindAsync(adopted.NodeId!, cancellation) is { } node
            && !await placement.TryChangeAsync(node.Id, node.Version, new Dictionary<string, Reservation> { [adopted.Id] = claim }, [ended.Id], cancellation))
        {
            // Somebody else changed the node: again, on what it is now.
        }
    }
}
