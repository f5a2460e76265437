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
        var slots = tasks.GroupBy(task => task.Slot).ToDictionary(group => group.Key, group => new Slot(service, group.Key, [.. group]));
        var wantedSlots = service.Removed ? 0 : service.Replicas;
        var stops = slots.Values
            .Where(slot => slot.Number < 1 || slot.Number > wantedSlots)
            .SelectMany(slot => slot.StopAll(service.Removed ? "the service was removed" : "scaled down"))
            .ToList();
        var wanted = Enumerable.Range(1, wantedSlots)
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
            Stop = [.. stops.OrderBy(stop => stop.Id, StringComparer.Ordinal)],
            Forget = [.. slots.Values.SelectMany(slot => slot.Forgettable(slot.Number <= wantedSlots ? KeptPerSlot : 1)).Order(StringComparer.Ordinal)],
            LookAgainAt = lookAgain.Count > 0 ? lookAgain.Min() : null,
            Progress = ProgressOf(wanted, slots.Values, now),
            Gone = service.Removed && tasks.All(task => !task.IsAround),
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
            else if (service.StopFirst && slot.IsOnANode)
            {
                stops.AddRange(slot.StopOld("replaced by another revision, stop first"));
            }
            else
            {
                creates.Add(slot.NewTask());
            }
        }
    }

    private static RolloutProgress ProgressOf(IReadOnlyList<Slot> wanted, IReadOnlyCollection<Slot> all, DateTimeOffset now)
    {
        if (wanted.All(slot => slot.IsConverged(now)) && all.All(slot => slot.Number <= wanted.Count || !slot.IsOccupied))
        {
            return new RolloutProgress(RolloutPhase.Completed);
        }

        var failing = wanted.FirstOrDefault(slot => slot.IsFailing(now));
        return failing is null
            ? new RolloutProgress(RolloutPhase.Progressing)
            : new RolloutProgress(RolloutPhase.Failed, failing.FailureReason());
    }
}
