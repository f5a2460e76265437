using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Reconcile;
using Orchestrator.Scheduler.Network;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>One look at one service: read, decide, save, tell. Safe to repeat and to run in two processes at once.</summary>
internal sealed class ServicePass(
    ServiceReader reader, Residences residences, TaskPlacer placer, ITaskStore tasks, PassWrites writes, PlacementDesk placement, WaitingServices waiting, Instructor instructor, EndpointDesk endpoints, PassOutcome outcome,
    IOptions<SchedulerOptions> options, TimeProvider time, ILogger<ServicePass> logger)
{
    /// <returns>False when something else changed meanwhile and the service must be looked at again.</returns>
    public async Task<bool> RunAsync(string serviceId, CancellationToken cancellation)
    {
        if (await reader.ReadAsync(serviceId, cancellation) is not { } input)
        {
            return await EndLeftAsync(serviceId, cancellation);
        }

        var now = time.GetUtcNow();
        var (snapshot, snapshots, nextAt) = residences.Look(input, now);
        var plan = ServiceReconciler.Plan(snapshot, snapshots, now);
        plan = plan with { LookAgainAt = Earlier(plan.LookAgainAt, nextAt) };
        var changes = await placer.DraftAsync(input, plan, now, cancellation);
        var (created, replaced) = (changes.Created, (IReadOnlyList<TaskDocument>)[.. changes.Replaced, .. changes.Victims]);
        var (stored, lost) = await SaveAsync(created, replaced, cancellation);
        if (created.Count + replaced.Count > 0)
        {
            SchedulerMetrics.TasksChanged(created.Count, plan.Stop.Count);
            Log.ServiceReconciled(logger, serviceId, input.Service.App, input.Service.Name, created.Count, plan.Stop.Count, stored.Count(task => task.State == TaskState.Pending));
        }

        await instructor.InstructAsync(stored, cancellation);
        await outcome.TellAsync(input, plan, stored, changes, now, cancellation);
        if (plan.Gone)
        {
            return await ForgetAsync(input, cancellation) && lost == 0;
        }

        if (await endpoints.FollowAsync(input, stored, cancellation) is not { } service)
        {
            return false;
        }

        input = input with { Service = service };
        await ClearAsync(input, plan, replaced, cancellation);
        var endedHere = stored.Any(task => task.State.IsFinal());

        // Who was just nominated has yet to have the others stopped.
        var nominated = stored.Any(task => task.Nomination is not null && input.Tasks.All(before => before.Id != task.Id || before.Nomination is null));
        return await KeepServiceAsync(input, snapshot, plan, changes, now, cancellation) && lost == 0 && !endedHere && !nominated;
    }

    private async Task<bool> ForgetAsync(ServiceInput input, CancellationToken cancellation)
    {
        if (!await outcome.ForgetServiceAsync(input, cancellation))
        {
            return false;
        }

        await endpoints.ForgetAsync(input.Service, cancellation);
        await TellForgottenAsync(input.Tasks, cancellation);
        return true;
    }

    /// <summary>
    /// Tasks that ended by themselves were never told to stop: their nodes hear now that nothing follows, and clean up. A lost node that has told
    /// of an end is back.
    /// </summary>
    private Task TellForgottenAsync(IEnumerable<TaskDocument> ended, CancellationToken cancellation) => instructor.InstructAsync(
        [.. ended.Where(task => task.Desired == DesiredState.Run && task.State != TaskState.Lost)
            .Select(task => task with { Desired = DesiredState.Stop, InstructionVersion = task.InstructionVersion + 1 })],
        cancellation);

    /// <summary>
    /// A pass that is slow may store tasks of a service that another has forgotten meanwhile. Whoever looks at it next, that pass itself as a rule, has
    /// them stopped, and forgets them when they have ended.
    /// </summary>
    private async Task<bool> EndLeftAsync(string serviceId, CancellationToken cancellation)
    {
        var left = await tasks.ListByServiceAsync(serviceId, cancellation);
        if (left.Count == 0)
        {
            return true;
        }

        if (left.All(task => task.State.IsFinal()))
        {
            await tasks.DeleteManyAsync([.. left.Select(task => task.Id)], cancellation);
            await TellForgottenAsync(left, cancellation);
            return true;
        }

        var now = time.GetUtcNow();
        var stopping = left.Where(task => task.Desired == DesiredState.Run && !task.State.IsFinal())
            .Select(task => TaskDrafts.Stop(task, ServiceReconciler.ServiceRemoved, now, options.Value.InstructAgainAfter)).ToList();
        var (stored, lost) = await SaveAsync([], stopping, cancellation);
        await instructor.InstructAsync(stored, cancellation);
        await writes.ClearDirtyAsync([.. left.Where(task => task.DirtySince is not null && stopping.All(stop => stop.Id != task.Id)).Select(task => (task.Id, task.Version))], cancellation);
        return lost == 0 && !stored.Any(task => task.State.IsFinal());
    }

    /// <returns>What was stored, and how many writes lost.</returns>
    private async Task<(IReadOnlyList<TaskDocument> Stored, int Lost)> SaveAsync(
        IReadOnlyList<TaskDocument> created, IReadOnlyList<TaskDocument> replaced, CancellationToken cancellation)
    {
        var replacing = writes.ReplaceAsync(replaced, cancellation);
        var stops = replaced.Where(task => task.Desired == DesiredState.Stop).Select(task => task.Id).ToHashSet();

        // Else more would be to run than the rollout allows: those of which their nodes told meanwhile run on until the next look, and as many do not come.
        var runOn = stops.Count > 0 ? (await replacing).Count(stops.Contains) : 0;
        var inserting = writes.InsertAsync([.. created.SkipLast(runOn)], cancellation);
        var lost = (await inserting).Concat(await replacing).Concat(created.TakeLast(runOn).Select(task => task.Id)).ToHashSet();
        if (lost.Count > 0)
        {
            await ReleaseLostAsync(created.Concat(replaced).Where(task => lost.Contains(task.Id) && task.State == TaskState.Assigned), cancellation);
        }

        return ([.. created.Where(task => !lost.Contains(task.Id)).Select(task => task with { Version = 1 }),
            .. replaced.Where(task => !lost.Contains(task.Id)).Select(task => task with { Version = task.Version + 1 })], lost.Count);
    }

    /// <summary>
    /// Another scheduler was first: what was set aside for its task on another node goes back. One that has no node yet may be given this
    /// one at this moment by somebody else: the sweep tells later.
    /// </summary>
    private async Task ReleaseLostAsync(IEnumerable<TaskDocument> lost, CancellationToken cancellation)
    {
        var ours = lost.ToDictionary(task => task.Id, task => task.NodeId!);
        var stored = await tasks.FindManyAsync([.. ours.Keys], cancellation);
        var right = stored.Where(task => (task.NodeId is null || task.NodeId == ours[task.Id]) && !task.State.IsFinal()).Select(task => task.Id).ToHashSet();
        var wrong = ours.Where(entry => !right.Contains(entry.Key)).Select(entry => (NodeId: entry.Value, TaskId: entry.Key)).ToList();
        await placement.ReleaseAsync(wrong, cancellation);
        await waiting.RoomCameAsync([.. wrong.Select(reservation => reservation.NodeId).Distinct()], cancellation);
    }

    private async Task ClearAsync(ServiceInput input, ReconcilePlan plan, IReadOnlyList<TaskDocument> replaced, CancellationToken cancellation)
    {
        var rewritten = replaced.Select(task => task.Id).ToHashSet();
        var seen = input.Tasks.Where(task => task.DirtySince is not null && !rewritten.Contains(task.Id)).Select(task => (task.Id, task.Version)).ToList();
        await writes.ClearDirtyAsync(seen, cancellation);
        if (plan.Forget.Count > 0)
        {
            await tasks.DeleteManyAsync(plan.Forget, cancellation);
            var forgotten = plan.Forget.ToHashSet();
            var places = input.Tasks.Where(task => !forgotten.Contains(task.Id)).Select(task => (task.Slot, task.NodeId)).ToHashSet();
            await TellForgottenAsync(input.Tasks.Where(task => forgotten.Contains(task.Id) && !places.Contains((task.Slot, task.NodeId))), cancellation);
        }
    }

    private async Task<bool> KeepServiceAsync(ServiceInput input, ServiceSnapshot snapshot, ReconcilePlan plan, ServiceChanges changes, DateTimeOffset now, CancellationToken cancellation)
    {
        var (service, reasons, slots) = (input.Service, changes.Reasons, snapshot.GlobalSlots?.Count);
        var due = !input.MayStart ? now + options.Value.DependencyRecheck
            : reasons.Count > 0 ? Earlier(plan.LookAgainAt, changes.NextAt)
            : plan.LookAgainAt;

        // Who has stored tasks learns by this write whether the service is still there.
        if (changes.Created.Count == 0 && service.DirtySince is null && service.DueAt == due && service.DependenciesMet == input.MayStart && service.Slots == slots && service.KeptRevision == input.Kept?.Number && service.UnschedulableReasons.SequenceEqual(reasons))
        {
            return true;
        }

        var stored = await writes.TryReplaceAsync(
            service with
            {
                DirtySince = null,
                DueAt = due,
                DependenciesMet = input.MayStart,
                Slots = slots,
                KeptRevision = input.Kept?.Number,
                UnschedulableReasons = reasons,
                Waiting = service.UnschedulableReasons.SequenceEqual(reasons) ? service.Waiting : Explanations.Of(changes.Waiting, now),
                UpdatedAt = now,
            },
            cancellation);

        // Room that came free before this was stored did not know that the service waits for it.
        var waitsFromNowOn = reasons.Count > 0 && service.UnschedulableReasons.Count == 0;
        return stored && !waitsFromNowOn;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;
}
