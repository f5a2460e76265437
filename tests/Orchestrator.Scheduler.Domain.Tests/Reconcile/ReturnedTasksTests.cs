using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Reconcile;

namespace Orchestrator.Scheduler.Domain.Tests.Reconcile;

public sealed class ReturnedTasksTests
{
    [Fact]
    public void Plan_TaskOnALostNode_IsNotTouchedWhileTheNodeIsAway()
    {
        var plan = Plan(A.Service(), Lost(A.Task(1)), A.Task(1, attempt: 2));
        Assert.Empty(plan.Create);
        Assert.Empty(plan.Stop);
        Assert.Empty(plan.Adopt);
        Assert.True(plan.Counts.Converged);
    }

    [Theory]
    [InlineData(TaskState.Pending, false, "1-1", "1-2")]
    [InlineData(TaskState.Assigned, false, "1-1", "1-2")]
    [InlineData(TaskState.Starting, false, "1-1", "1-2")]
    [InlineData(TaskState.Running, false, "1-1", "1-2")]
    [InlineData(TaskState.Running, true, null, "1-1")]
    public void Plan_TaskReturned_TakesItsSlotAgainUnlessItsReplacementHasGotAsFar(TaskState replacement, bool ready, string? adopted, string stopped)
    {
        var plan = Plan(A.Service(), Returned(A.Task(1)), A.Task(1, attempt: 2, state: replacement, ready: ready));
        Assert.Equal(adopted, plan.Adopt.SingleOrDefault());
        Assert.Equal([stopped], plan.Stop.Select(stop => stop.Id));
        Assert.Empty(plan.Create);
    }

    [Theory]
    [InlineData(ReconcileChoice.KeepOriginal, TaskState.Running, true, "1-2")]
    [InlineData(ReconcileChoice.KeepReplacement, TaskState.Running, true, "1-1")]
    [InlineData(ReconcileChoice.KeepReplacement, TaskState.Assigned, false, "1-1")]
    [InlineData(ReconcileChoice.KeepReplacement, TaskState.Pending, false, "1-2")]
    public void Plan_TaskReturned_AsItsServiceWants(ReconcileChoice choice, TaskState replacement, bool ready, string stopped)
    {
        var plan = Plan(A.Service() with { Reconcile = choice }, Returned(A.Task(1)), A.Task(1, attempt: 2, state: replacement, ready: ready));
        Assert.Equal([stopped], plan.Stop.Select(stop => stop.Id));
        Assert.Empty(plan.Create);
    }

    [Fact]
    public void Plan_TwoReturned_AndTheOriginalIsKept_OneStays()
    {
        var plan = Plan(A.Service() with { Reconcile = ReconcileChoice.KeepOriginal }, Returned(A.Task(1)), Returned(A.Task(1, attempt: 2)), A.Task(1, attempt: 3));
        Assert.Equal(["1-1"], plan.Adopt);
        Assert.Equal(["1-2", "1-3"], plan.Stop.Select(stop => stop.Id));
    }

    [Fact]
    public void Plan_TaskReturnedUnready_LeavesItsSlotToAReplacementThatRuns() =>
        Assert.Equal(["1-1"], Plan(A.Service(), Returned(A.Task(1, ready: false)), A.Task(1, attempt: 2, ready: false)).Stop.Select(stop => stop.Id));

    [Fact]
    public void Plan_TwoReturned_OneIsTakenBack()
    {
        var plan = Plan(A.Service(), Returned(A.Task(1)), Returned(A.Task(1, attempt: 2)), A.Task(1, attempt: 3, state: TaskState.Pending));
        Assert.Equal(["1-1"], plan.Adopt);
        Assert.Equal(["1-2", "1-3"], plan.Stop.Select(stop => stop.Id));
    }

    [Fact]
    public void Plan_OldTemplateReturned_ServesUntilTheNewOneIsReady()
    {
        var old = Returned(A.Task(1, hash: A.Old));
        var waiting = Plan(A.Service(), old, A.Task(1, attempt: 2, state: TaskState.Starting));
        Assert.Equal(["1-1"], waiting.Adopt);
        Assert.Empty(waiting.Stop);
        Assert.Equal(["1-1"], Plan(A.Service(), old, A.Task(1, attempt: 2)).Stop.Select(stop => stop.Id));
    }

    [Fact]
    public void Plan_WantedTemplateReturned_IsTakenBackBesideAnOldOne()
    {
        var plan = Plan(A.Service(), A.Task(1, hash: A.Old), Returned(A.Task(1, attempt: 2)));
        Assert.Equal(["1-2"], plan.Adopt);
        Assert.Equal(["1-1"], plan.Stop.Select(stop => stop.Id));
    }

    [Fact]
    public void Plan_ReturnedToASlotThatIsNotWanted_IsStopped()
    {
        Assert.Equal(["2-1"], Plan(A.Service(), A.Task(1), Returned(A.Task(2))).Stop.Select(stop => stop.Id));
        Assert.Equal(["1-1"], Plan(A.Service() with { Removed = true }, Returned(A.Task(1))).Stop.Select(stop => stop.Id));
    }

    [Fact]
    public void Plan_RemovedServiceWithATaskOnALostNode_IsNotGone()
    {
        var removed = A.Service() with { Removed = true };
        Assert.False(Plan(removed, Lost(A.Task(1)) with { Desired = DesiredState.Stop }).Gone);
        Assert.True(Plan(removed, Lost(A.Task(1, state: TaskState.Lost))).Gone);
    }

    [Fact]
    public void Plan_TaskOfALostNode_DoesNotCountAsAFailure()
    {
        var tasks = new[]
        {
            Lost(A.Task(attempt: 1)), Lost(A.Task(attempt: 2, state: TaskState.Lost, ended: TimeSpan.FromMinutes(2))),
            A.Task(attempt: 3, state: TaskState.Failed, ended: TimeSpan.FromSeconds(1)),
        };
        Assert.Equal(4, Assert.Single(Plan(A.Service(), tasks).Create).Attempt);
    }

    private static TaskSnapshot Lost(TaskSnapshot task) => task with { NodeLost = true, Ready = false };

    private static TaskSnapshot Returned(TaskSnapshot task) => task with { NodeLost = true, NodeReturned = true };

    private static ReconcilePlan Plan(ServiceSnapshot service, params TaskSnapshot[] tasks) => ServiceReconciler.Plan(service, tasks, A.Now);
}
