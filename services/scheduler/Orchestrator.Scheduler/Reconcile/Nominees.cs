using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>
/// Follows tasks that wait until less important ones have left a node. Those are told to stop like any other; what is set aside for
/// them is not given back when they end, but goes to the task they left for.
/// </summary>
internal sealed class Nominees(ITaskStore tasks, PlacementDesk placement, WaitingServices waiting, IOptions<SchedulerOptions> options)
{
    public async Task<NomineeOutcome> FollowAsync(ServiceInput input, TaskGroup group, IReadOnlyList<TaskDocument> nominated, DateTimeOffset now, CancellationToken cancellation)
    {
        if (nominated.Count == 0)
        {
            return new NomineeOutcome();
        }

        var victims = (await tasks.FindManyAsync([.. nominated.SelectMany(task => task.Nomination!.Victims).Distinct()], cancellation)).ToDictionary(task => task.Id);
        var (nodeOf, notes, held, stop) = (new Dictionary<string, string>(), new Dictionary<string, string>(), new Dictionary<string, TaskNomination>(), new List<TaskDocument>());
        foreach (var node in nominated.GroupBy(task => task.Nomination!.NodeId))
        {
            var leaving = node.SelectMany(task => task.Nomination!.Victims).Distinct().ToList();
            var there = leaving.Select(id => victims.GetValueOrDefault(id)).OfType<TaskDocument>().Where(task => !task.State.IsFinal()).ToList();
            if (there.Count > 0)
            {
                stop.AddRange(there.Where(task => task.Desired == DesiredState.Run).Select(task => Stopped(task, input, node.First(), now)));
                foreach (var task in node)
                {
                    held[task.Id] = task.Nomination!;
                }
            }
            else
            {
                if (await placement.TakeOverAsync(group, node.Key, [.. node.Select(task => task.Id)], leaving, cancellation))
                {
                    foreach (var task in node)
                    {
                        nodeOf[task.Id] = node.Key;
                        notes[task.Id] = task.Nomination!.Reason;
                    }
                }

                // They may have had more than it takes.
                await waiting.TasksEndedAsync([.. leaving.Select(id => victims.GetValueOrDefault(id)).OfType<TaskDocument>()], cancellation);
            }
        }

        return new NomineeOutcome { NodeOf = nodeOf, Notes = notes, Held = held, Victims = stop };
    }

    private TaskDocument Stopped(TaskDocument victim, ServiceInput input, TaskDocument nominee, DateTimeOffset now) =>
        TaskDrafts.Stop(victim, $"it makes room for {input.Service.App}/{input.Service.Name}.{nominee.Slot}, which is more important", now, options.Value.InstructAgainAfter) with
        {
            PreemptedFor = nominee.Id,
        };
}
