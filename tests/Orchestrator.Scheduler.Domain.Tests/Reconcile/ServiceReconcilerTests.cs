using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Reconcile;
using Orchestrator.Scheduler.Domain.Rollouts;

namespace Orchestrator.Scheduler.Domain.Tests.Reconcile;

public sealed class ServiceReconcilerTests
{
    [Fact]
    public void Plan_NewService_FillsEverySlot()
    {
        var plan = Plan(A.Service(replicas: 3));
        Assert.Equal([1, 2, 3], plan.Create.Select(task => task.Slot));
        Assert.All(plan.Create, task => Assert.Equal(1, task.Attempt));
        Assert.False(plan.Counts.Converged);
    }

    [Fact]
    public void Plan_EverySlotReady_IsCompletedAndChangesNothing()
    {
        var plan = Plan(A.Service(replicas: 2), A.Task(1), A.Task(2));
        AssertNothing(plan);
        Assert.True(plan.Counts.Converged);
    }

    [Fact]
    public void Plan_WhileDependenciesAreNotMet_StartsNothing() =>
        AssertNothing(Plan(A.Service(replicas: 2) with { MayStart = false }));

    [Fact]
    public void Plan_ScaledDown_StopsTheHighestSlots()
    {
        var plan = Plan(A.Service(replicas: 1), A.Task(1), A.Task(2), A.Task(3));
        Assert.Equal(["2-1", "3-1"], plan.Stop.Select(stop => stop.Id));
        Assert.Empty(plan.Create);
        Assert.False(plan.Counts.Converged);
    }

    [Fact]
    public void Plan_ScaledToNothing_IsCompletedWhenTheLastIsGone() =>
        Assert.True(Plan(A.Service(replicas: 0), A.Task(1, state: TaskState.Stopped, desired: DesiredState.Stop)).Counts.Converged);

    [Fact]
    public void Plan_Removed_StopsAllAndIsGoneWhenNothingIsLeft()
    {
        var removed = A.Service(replicas: 2) with { Removed = true };
        var first = Plan(removed, A.Task(1), A.Task(2, state: TaskState.Failed));
        Assert.Equal(["1-1"], first.Stop.Select(stop => stop.Id));
        Assert.False(first.Gone);
        Assert.True(Plan(removed, A.Task(1, state: TaskState.Stopped, desired: DesiredState.Stop)).Gone);
    }

    [Fact]
    public void Plan_TaskThatItsNodeReplaced_IsInNobodysWay() =>
        AssertNothing(Plan(A.Service(), A.Task(1), A.Task(1, attempt: 2, state: TaskState.Assigned) with { Replaces = "1-1" }));

    [Fact]
    public void Plan_TaskEnded_IsFollowedByTheNextAttemptInItsSlot()
    {
        var plan = Plan(A.Service(), A.Task(attempt: 4, state: TaskState.Failed));
        Assert.Equal(new NewTask(TaskIds.Derive("service", 1, 2, 5), 1, 5, 2), Assert.Single(plan.Create));
    }

    [Fact]
    public void Plan_InBackOff_SaysWhenToLookAgain()
    {
        var plan = Plan(
            A.Service(),
            A.Task(attempt: 1, state: TaskState.Failed, ended: TimeSpan.FromSeconds(9)),
            A.Task(attempt: 2, state: TaskState.Failed, ended: TimeSpan.FromSeconds(1)));
        Assert.Empty(plan.Create);
        Assert.InRange(plan.LookAgainAt!.Value, A.Now.AddSeconds(4), A.Now.AddSeconds(5));
    }

    [Fact]
    public void Plan_ThreeFailuresInARow_IsFailedWithTheReason()
    {
        var tasks = Enumerable.Range(1, 3)
            .Select(i => A.Task(attempt: i, state: TaskState.Rejected, ended: TimeSpan.FromSeconds(30 - i)) with { Message = "no such image" })
            .ToArray();
        var plan = Plan(A.Service(), tasks);
        Assert.True(plan.Counts.Stuck);
        Assert.Equal((3, "slot 1: no such image"), (plan.Counts.Failed, plan.Counts.Reason));
    }

    [Fact]
    public void Plan_OneShotTaskCompleted_IsCompletedAndNotRunAgain()
    {
        var plan = Plan(A.Service() with { Restart = new RestartPolicy { Condition = RestartCondition.OnFailure } }, A.Task(state: TaskState.Completed));
        AssertNothing(plan);
        Assert.True(plan.Counts.Converged);
    }

    [Fact]
    public void Plan_OneShotTaskCompletedUnderAnEarlierRevisionOfTheSameTemplate_IsNotRunAgain() =>
        AssertNothing(Plan(
            A.Service(revision: 3) with { Restart = new RestartPolicy { Condition = RestartCondition.None } },
            A.Task(state: TaskState.Completed, revision: 2)));

    [Fact]
    public void Plan_OneShotTaskFailedAndNotToBeTriedAgain_IsFailed() =>
        Assert.True(Plan(A.Service() with { Restart = new RestartPolicy { Condition = RestartCondition.None } }, A.Task(state: TaskState.Failed)).Counts.Stuck);

    [Fact]
    public void Plan_NewTemplate_StartsOneNewTaskAndStopsNone()
    {
        var plan = Plan(A.Service(replicas: 3), Old(1), Old(2), Old(3));
        Assert.Equal(new NewTask(TaskIds.Derive("service", 1, 2, 2), 1, 2, 2), Assert.Single(plan.Create));
        Assert.Empty(plan.Stop);
    }

    [Fact]
    public void Plan_NewTaskNotReady_WaitsWithTheNextSlot() =>
        AssertNothing(Plan(A.Service(replicas: 2), Old(1), A.Task(1, attempt: 2, ready: false), Old(2)));

    [Fact]
    public void Plan_NewTaskReady_StopsTheOldAndGoesOnWithTheNextSlot()
    {
        var plan = Plan(A.Service(replicas: 2), Old(1), A.Task(1, attempt: 2), Old(2));
        Assert.Equal(["1-1"], plan.Stop.Select(stop => stop.Id));
        Assert.Equal(2, Assert.Single(plan.Create).Slot);
    }

    [Fact]
    public void Plan_NewTaskFailed_IsTriedAgainInItsSlotAndNoOtherSlotIsTouched()
    {
        var plan = Plan(A.Service(replicas: 2), Old(1), A.Task(1, attempt: 2, state: TaskState.Failed), Old(2));
        Assert.Equal(new NewTask(TaskIds.Derive("service", 1, 2, 3), 1, 3, 2), Assert.Single(plan.Create));
        Assert.Empty(plan.Stop);
    }

    [Fact]
    public void Plan_FailuresOfAnEarlierRevision_DoNotHoldTheNextBack()
    {
        var plan = Plan(
            A.Service(revision: 3),
            Old(1, attempt: 9),
            A.Task(1, attempt: 2, state: TaskState.Failed, revision: 1),
            A.Task(1, attempt: 3, state: TaskState.Failed, revision: 1));
        Assert.Equal(10, Assert.Single(plan.Create).Attempt);
    }

    [Fact]
    public void Plan_StopFirst_StopsTheOldBeforeItStartsTheNew()
    {
        var service = A.Service(replicas: 2) with { Budget = new RolloutBudget { StopFirst = true } };
        var first = Plan(service, Old(1), Old(2));
        Assert.Equal(["1-1"], first.Stop.Select(stop => stop.Id));
        Assert.Empty(first.Create);
        var stopping = A.Task(1, hash: A.Old, desired: DesiredState.Stop, state: TaskState.Stopping);
        AssertNothing(Plan(service, stopping, Old(2)));
        var ended = stopping with { State = TaskState.Stopped };
        Assert.Equal(1, Assert.Single(Plan(service, ended, Old(2)).Create).Slot);
    }

    [Fact]
    public void Plan_OldTaskThatNeverFoundANode_GoesAtOnce()
    {
        var plan = Plan(A.Service(), Old(1) with { State = TaskState.Pending, Ready = false });
        Assert.Equal(["1-1"], plan.Stop.Select(stop => stop.Id));
        Assert.Single(plan.Create);
    }

    [Fact]
    public void Plan_TwoCurrentTasksInASlot_KeepsTheReadyOne()
    {
        var plan = Plan(A.Service(), A.Task(1, attempt: 1, ready: false), A.Task(1, attempt: 2, ready: true));
        Assert.Equal(["1-1"], plan.Stop.Select(stop => stop.Id));
    }

    [Fact]
    public void Plan_SameTemplateInANewRevision_ReplacesNothing() =>
        AssertNothing(Plan(A.Service(revision: 7), A.Task(1, revision: 2)));

    [Fact]
    public void Plan_TaskOnALostNode_IsReplaced()
    {
        var plan = Plan(A.Service(), A.Task(1) with { NodeLost = true });
        Assert.Equal(2, Assert.Single(plan.Create).Attempt);
    }

    [Fact]
    public void Plan_ManyEndedTasks_ForgetsAllButTheNewest()
    {
        var ended = Enumerable.Range(1, 14).Select(i => A.Task(attempt: i, state: TaskState.Failed, ended: TimeSpan.FromHours(20 - i))).ToArray();
        Assert.Equal(["1-1", "1-2", "1-3", "1-4"], Plan(A.Service(), ended).Forget);
    }

    [Fact]
    public void Plan_SlotNotWanted_KeepsItsHighestAttempt() =>
        Assert.Equal(
            ["5-1"],
            Plan(A.Service(), A.Task(1), A.Task(5, attempt: 1, state: TaskState.Failed), A.Task(5, attempt: 2, state: TaskState.Stopped)).Forget);

    private static TaskSnapshot Old(int slot, int attempt = 1) => A.Task(slot, attempt, hash: A.Old);

    private static ReconcilePlan Plan(ServiceSnapshot service, params TaskSnapshot[] tasks) => ServiceReconciler.Plan(service, tasks, A.Now);

    private static void AssertNothing(ReconcilePlan plan) => Assert.Empty(plan.Create.Select(task => task.Id).Concat(plan.Stop.Select(stop => stop.Id)));
}
