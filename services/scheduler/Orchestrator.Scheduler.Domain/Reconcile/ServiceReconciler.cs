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

    /// <summary>Why a task of such a service stops.</summary>
    public const string ServiceRemoved = "the service was removed";

    /// <param name="service">What is wanted.</param>
    /// <param name="tasks">Every stored task of the service, in any order.</param>
    /// <param name="now">The time of the decision.</param>
    public static ReconcilePlan Plan(ServiceSnapshot service, IReadOnlyCollection<TaskSnapshot> tasks, DateTimeOffset now)
    {
        var leaving = tasks.Where(task => task is { LeavesNow: true, Desired: DesiredState.Run, NodeLost: false } && !task.State.IsFinal()).Select(task => task.Id).ToHashSet();

        // What its node has replaced has ended, though that is not stored yet.
        var replaced = tasks.Select(task => task.Replaces).OfType<string>().ToHashSet();
        var settled = tasks.Select(task => leaving.Contains(task.Id) ? task with { Desired = DesiredState.Stop } : task).GroupBy(task => task.Slot).ToDictionary(
            group => group.Key,
            group => service.Wants(group.Key) ? ReturnedTasks.Settle(service, [.. group.Where(task => task.State.IsFinal() || !replaced.Contains(task.Id))]) : ([.. group], [], []));
        var slots = settled.ToDictionary(entry => entry.Key, entry => new Slot(service, entry.Key, entry.Value.Tasks));
        var stops = slots.Values
            .Where(slot => !service.Wants(slot.Number))
            .SelectMany(slot => slot.StopAll(service.Removed ? ServiceRemoved : service.GlobalSlots is null ? "scaled down" : "its node is not the service's any more"))
            .Concat(settled.Values.SelectMany(slot => slot.Stopped))
            .Concat(tasks.Where(task => leaving.Contains(task.Id)).Select(task => new StopTask(task.Id, task.LeaveReason!)))
            .ToList();
        var wanted = service.WantedSlots()
            .Select(number => slots.GetValueOrDefault(number) ?? new Slot(service, number, []))
            .ToList();
        var failures = RevisionFailures.Of(service, tasks, now);
        var steps = new StepPlanner(service, wanted, failures.Count, now).Plan();
        stops.AddRange(steps.Stop);
        var adopt = settled.Values.SelectMany(slot => slot.Adopted).Order(StringComparer.Ordinal).ToList();

        // A plan that changes tasks has not arrived, whatever the tasks before it looked like.
        var arrived = steps.Create.Count + stops.Count + adopt.Count == 0
            && wanted.All(slot => slot.IsConverged(now)) && slots.Values.All(slot => service.Wants(slot.Number) || !slot.IsOccupied);
        return new ReconcilePlan
        {
            Create = [.. steps.Create.OrderBy(task => task.Slot)],
            Adopt = adopt,
            Stop = [.. stops.DistinctBy(stop => stop.Id).OrderBy(stop => stop.Id, StringComparer.Ordinal)],
            Forget = [.. slots.Values.SelectMany(slot => slot.Forgettable(service.Wants(slot.Number) ? KeptPerSlot : 1)).Order(StringComparer.Ordinal)],
            LookAgainAt = steps.LookAgain.Count > 0 ? steps.LookAgain.Min() : null,
            Counts = CountsOf(service, wanted, tasks, failures, now) with { Converged = arrived },

            // A task on a lost node may run on: forgotten, nobody would stop it when the node comes back.
            Gone = service.Removed && tasks.All(task => task.State.IsFinal()),
        };
    }

    private static RolloutCounts CountsOf(
        ServiceSnapshot service, IReadOnlyList<Slot> wanted, IReadOnlyCollection<TaskSnapshot> tasks, IReadOnlyList<(TaskSnapshot Task, string Reason)> failures, DateTimeOffset now) =>
        new()
        {
            Replicas = wanted.Count,
            Ready = wanted.Count(slot => slot.IsServed),
            New = wanted.Count(slot => slot.HasCurrent),
            Done = wanted.Count(slot => slot.IsDone(now) || slot.IsConverged(now)),
            Old = wanted.Sum(slot => slot.OldCount),
            Failed = failures.Count,
            Started = tasks.Count(task => task.Revision == service.Revision),
            Stuck = wanted.Any(slot => slot.IsFailing(now)),
            WaitsForOthers = !service.MayStart,
            Reason = failures.Count > 0 ? failures[^1].Reason : null,
        };
}
