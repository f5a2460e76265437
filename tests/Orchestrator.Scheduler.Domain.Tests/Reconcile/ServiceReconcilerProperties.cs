using CsCheck;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Reconcile;
using Orchestrator.Scheduler.Domain.Rollouts;

namespace Orchestrator.Scheduler.Domain.Tests.Reconcile;

public sealed class ServiceReconcilerProperties
{
    private const int Cases = 5_000;

    private static readonly Gen<TaskState> States = Gen.OneOf(
        TaskState.Pending, TaskState.Assigned, TaskState.Preparing, TaskState.Starting, TaskState.Running, TaskState.Running, TaskState.Stopping,
        TaskState.Completed, TaskState.Failed, TaskState.Stopped, TaskState.Rejected, TaskState.Lost);

    private static readonly Gen<TaskSnapshot[]> Tasks = Gen.Select(
            Gen.Int[1, 6], States, Gen.Bool, Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[0, 4000],
            (slot, state, ready, template, kind, ended) => A.Task(
                slot,
                state: state,
                ready: ready && state == TaskState.Running,
                hash: template == 0 ? A.Old : A.Wanted,
                desired: kind < 3 || state == TaskState.Stopped ? DesiredState.Stop : DesiredState.Run,
                ended: TimeSpan.FromSeconds(ended)) with
            {
                NodeLost = kind is 2 or >= 4 && state != TaskState.Pending,
                NodeReturned = kind == 5 && state != TaskState.Pending && !state.IsFinal(),
            })
        .Array[0, 24]
        .Select(tasks => tasks.Select((task, i) => task with { Id = $"{task.Slot}-{i + 1}", Attempt = i + 1 }).ToArray());

    private static readonly Gen<ServiceSnapshot> Services = Gen.Select(
        Gen.Int[0, 6], Gen.Int[1, 3], Gen.Bool, Gen.Int[0, 9], Gen.Int[0, 9], Gen.Enum<RestartCondition>(),
        (replicas, parallelism, stopFirst, removed, waits, condition) => A.Service(replicas) with
        {
            Budget = new RolloutBudget { Parallelism = parallelism, StopFirst = stopFirst },
            Removed = removed == 0,
            MayStart = waits != 0,
            Restart = new RestartPolicy { Condition = condition },
        });

    [Fact]
    public void Plan_AppliedAndPlannedAgain_YieldsNothing() =>
        Gen.Select(Services, Tasks).Sample((service, tasks) =>
        {
            var plan = ServiceReconciler.Plan(service, tasks, A.Now);
            var applied = Apply(service, tasks, plan);
            var again = ServiceReconciler.Plan(service, applied, A.Now);
            Assert.Empty(again.Create);
            Assert.Empty(again.Stop);
            Assert.Empty(again.Adopt);

            // A task that never found a node ends with the plan that stops it, and only that makes older ones too many.
            var ended = applied.Count(task => task.State.IsFinal()) - tasks.Count(task => task.State.IsFinal()) + plan.Forget.Count;
            Assert.True(again.Forget.Count <= ended);
        }, iter: Cases);

    [Fact]
    public void Plan_TasksInAnyOrder_IsTheSame() =>
        Gen.Select(Services, Tasks, Gen.Int).Sample((service, tasks, seed) =>
        {
            var shuffled = tasks.OrderBy(task => HashCode.Combine(task.Id, seed)).ToArray();
            var one = ServiceReconciler.Plan(service, tasks, A.Now);
            var other = ServiceReconciler.Plan(service, shuffled, A.Now);
            Assert.Equal(one.Create, other.Create);
            Assert.Equal(one.Stop, other.Stop);
            Assert.Equal(one.Adopt, other.Adopt);
            Assert.Equal(one.Forget, other.Forget);
            Assert.Equal(one.Counts, other.Counts);
        }, iter: Cases);

    [Fact]
    public void Plan_Always_LeavesAtMostOneLiveTaskOfTheTemplateInASlotAndNoneBeyond() =>
        Gen.Select(Services, Tasks).Sample((service, tasks) =>
        {
            var live = Apply(service, tasks, ServiceReconciler.Plan(service, tasks, A.Now)).Where(task => task.IsLive).ToList();
            Assert.All(live.Where(task => task.TemplateHash == A.Wanted).CountBy(task => task.Slot), slot => Assert.Equal(1, slot.Value));
            Assert.All(live, task => Assert.InRange(task.Slot, 1, service.Removed ? 0 : service.Replicas));
        }, iter: Cases);

    [Fact]
    public void Plan_StartFirst_NeverStopsAnOldTaskBeforeTheSlotHasAReadyOne() =>
        Gen.Select(Services, Tasks).Sample((service, tasks) =>
        {
            var startFirst = service with { Budget = service.Budget with { StopFirst = false } };
            var plan = ServiceReconciler.Plan(startFirst, tasks, A.Now);
            var stopped = plan.Stop.Select(stop => stop.Id).ToHashSet();
            var ready = tasks.Where(task => task.Ready && (task.IsLive || plan.Adopt.Contains(task.Id)) && !stopped.Contains(task.Id)).Select(task => task.Slot).ToHashSet();
            Assert.DoesNotContain(tasks, task => stopped.Contains(task.Id) && task.Ready
                && task.Slot <= startFirst.Replicas && !startFirst.Removed && !ready.Contains(task.Slot));
        }, iter: Cases);

    [Fact]
    public void Plan_Always_ForgetsNoTaskThatMayRunAndKeepsTheHighestAttemptOfASlot() =>
        Gen.Select(Services, Tasks).Sample((service, tasks) =>
        {
            var forgotten = ServiceReconciler.Plan(service, tasks, A.Now).Forget.ToHashSet();
            Assert.All(tasks.Where(task => forgotten.Contains(task.Id)), task => Assert.True(task.State.IsFinal()));
            Assert.All(tasks.GroupBy(task => task.Slot), slot => Assert.DoesNotContain(slot.MaxBy(task => task.Attempt)!.Id, forgotten));
        }, iter: Cases);

    /// <summary>An undisturbed cluster: what is created becomes ready, what is to stop stops.</summary>
    [Fact]
    public void Plan_RepeatedOnAClusterThatObeys_ReachesCompletedWithinTheBudgetAllTheTime() =>
        Gen.Select(Services, Tasks).Sample((service, tasks) =>
        {
            var open = service with { Removed = false, MayStart = true, Restart = new RestartPolicy() };
            var now = A.Now.AddHours(3);
            var current = (IReadOnlyList<TaskSnapshot>)tasks;
            for (var round = 0; round < 60; round++)
            {
                var plan = ServiceReconciler.Plan(open, current, now);
                if (plan.Counts.Converged)
                {
                    Assert.Equal(open.Replicas, current.Count(task => task.IsAround));
                    Assert.DoesNotContain(current, task => task.NodeReturned);
                    return;
                }

                current = [.. Apply(open, current, plan).Select(task => Obey(task, now))];
                now = now.AddMinutes(6);
            }

            Assert.Fail("it did not arrive");
        }, iter: Cases);

    private static TaskSnapshot Obey(TaskSnapshot task, DateTimeOffset now) => task switch
    {
        { State: var state } when state.IsFinal() => task,
        { NodeLost: true } => task,
        { Desired: DesiredState.Stop } => task with { State = TaskState.Stopped, Ready = false, FinishedAt = now },
        _ => task with { State = TaskState.Running, Ready = true, RunningAt = task.RunningAt ?? now },
    };

    private static TaskSnapshot[] Apply(ServiceSnapshot service, IReadOnlyCollection<TaskSnapshot> tasks, ReconcilePlan plan)
    {
        var stop = plan.Stop.Select(item => item.Id).ToHashSet();
        return
        [
            .. tasks.Where(task => !plan.Forget.Contains(task.Id)).Select(task => plan.Adopt.Contains(task.Id) ? task with { NodeLost = false, NodeReturned = false } : task).Select(task => !stop.Contains(task.Id) ? task
                : task.NodeReturned ? task with { Desired = DesiredState.Stop, NodeLost = false, NodeReturned = false }
                : task.State == TaskState.Pending ? task with { Desired = DesiredState.Stop, State = TaskState.Stopped, FinishedAt = A.Now }
                : task with { Desired = DesiredState.Stop }),
            .. plan.Create.Select(task => new TaskSnapshot
            {
                Id = task.Id,
                Slot = task.Slot,
                Attempt = task.Attempt,
                Revision = service.Revision,
                TemplateHash = service.TemplateHash,
                State = TaskState.Assigned,
                CreatedAt = A.Now,
            }),
        ];
    }
}
