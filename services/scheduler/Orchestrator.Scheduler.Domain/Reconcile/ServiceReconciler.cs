using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <summary>
/// Compares what is wanted of a service with the tasks there are. Every slot is looked at by itself; the budget decides
/// which slots may go over to another template now.
/// </summary>
public static class ServiceReconciler
{
    /// <summary>Ended tasks kept per slot; of a slot that is not wanted, one.</summary>
    public const int KeptPerSlot = 10;

    /// <param name="service">What is wanted.</param>
    /// <param name="tasks">Every stored task of the service, in any order.</param>
    /// <param name="now">The time of the decision.</param>
    public static ReconcilePlan Plan(ServiceSnapshot service, IReadOnlyCollection<TaskSnapshot> tasks, DateTimeOffset now)
    {
        var leaving = tasks.Where(task => task is { LeavesNow: true, Desired: DesiredState.Run, NodeLost: false } && !task.State.IsFinal()).Select(task => task.Id).ToHashSet();
        var settled = tasks.Select(task => leaving.Contains(task.Id) ? task with { Desired = DesiredState.Stop } : task).GroupBy(task => task.Slot).ToDictionary(
            group => group.Key,
            group => service.Wants(group.Key) ? ReturnedTasks.Settle(service, [.. group]) : ([.. group], [], []));
        var slots = settled.ToDictionary(entry => entry.Key, entry => new Slot(service, entry.Key, entry.Value.Tasks));
        var stops = slots.Values
            .Where(slot => !service.Wants(slot.Number))
            .SelectMany(slot => slot.StopAll(service.Removed ? "the service was removed" : service.GlobalSlots is null ? "scaled down" : "its node is not the service's any more"))
            .Concat(settled.Values.SelectMany(slot => slot.Stopped))
            .Concat(tasks.Where(task => leaving.Contains(task.Id)).Select(task => new StopTask(task.Id, task.LeaveReason!)))
            .ToList();
        var wanted = service.WantedSlots()
            .Select(number => slots.GetValueOrDefault(number) ?? new Slot(service, number, []))
            .ToList();
        var creates = new List<NewTask>();
        var lookAgain = new List<DateTimeOffset>();
        var budget = Math.Max(1, service.Parallelism) - wanted.Count(slot => slot.IsOnItsWay(now));
        foreach (var slot in wanted)
        {
            stops.AddRange(slot.StopWhatIsReplaced());
            if (slot.HasCurrent)
            {
                continue;
            }

            // A slot on its way has its share of the budget already.
            var takesBudget = slot.HasOld && !slot.IsOnItsWay(now);
            if ((takesBudget && budget <= 0) || slot.Next(now) is not { Ended: false } next)
            {
                continue;
            }

            budget -= takesBudget ? 1 : 0;
            Fill(slot, next);
        }

        return new ReconcilePlan
        {
            Create = creates,
            Adopt = [.. settled.Values.SelectMany(slot => slot.Adopted).Order(StringComparer.Ordinal)],
            Stop = [.. stops.OrderBy(stop => stop.Id, StringComparer.Ordinal)],
            Forget = [.. slots.Values.SelectMany(slot => slot.Forgettable(service.Wants(slot.Number) ? KeptPerSlot : 1)).Order(StringComparer.Ordinal)],
            LookAgainAt = lookAgain.Count > 0 ? lookAgain.Min() : null,
            Progress = ProgressOf(service, wanted, slots.Values, now),

            // A task on a lost node may run on: forgotten, nobody would stop it when the node comes back.
            Gone = service.Removed && tasks.All(task => task.State.IsFinal()),
        };

        void Fill(Slot slot, NextAttempt next)
        {
            if (!service.MayStart)
            {
                return;
            }

            if (next.NotBefore > now)
            {
                lookAgain.Add(next.NotBefore.Value);
            }
            else if (service.StopFirst && slot.IsInItsOwnWay)
            {
                stops.AddRange(slot.StopOld("replaced by another revision, stop first"));
            }
            else
            {
                creates.Add(slot.NewTask());
            }
        }
    }

    private static RolloutProgress ProgressOf(ServiceSnapshot service, IReadOnlyList<Slot> wanted, IReadOnlyCollection<Slot> all, DateTimeOffset now)
    {
        if (wanted.All(slot => slot.IsConverged(now)) && all.All(slot => service.Wants(slot.Number) || !slot.IsOccupied))
        {
            return new RolloutProgress(RolloutPhase.Completed);
        }

        var failing = wanted.FirstOrDefault(slot => slot.IsFailing(now));
        return failing is null
            ? new RolloutProgress(RolloutPhase.Progressing)
            : new RolloutProgress(RolloutPhase.Failed, failing.FailureReason());
    }
}
