using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reports;

/// <summary>
/// Tasks that a node started by itself, while no scheduler answered, become tasks like others: in the slot of the one they follow, with what
/// was set aside for it. Should the slot have another task by now, the reconciler keeps the one that is ready.
/// </summary>
internal sealed class SuccessorAdoption(ITaskStore tasks, IServiceStore services, RevisionCache revisions, TaskAdoption adoption, ILogger<SuccessorAdoption> logger)
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
                && await services.FindAsync(ended.ServiceId, cancellation) is { Removed: false } service)
            {
                var revision = await revisions.FindAsync(ended.ServiceId, ended.Revision, cancellation);
                known[report.TaskId] = await adoption.AdoptAsync(report.TaskId, message.NodeId, service, revision, ended.Slot, attempt: null, cancellation, instead: ended.Id, report: report.State.IsFinal() ? null : report);
                Log.SuccessorAdopted(logger, report.TaskId, ended.Id, message.NodeId);
            }
        }
    }
}
