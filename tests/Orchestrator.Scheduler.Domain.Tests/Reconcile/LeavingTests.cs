using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Reconcile;
using Orchestrator.Scheduler.Domain.Rollouts;

namespace Orchestrator.Scheduler.Domain.Tests.Reconcile;

/// <summary>Tasks that may not stay where they are, and slots that are nodes.</summary>
public sealed class LeavingTests
{
    [Fact]
    public void ATaskThatLeaves_StaysUntilItsSuccessorIsReady()
    {
        var leaving = A.Task() with { LeaveReason = "its node is being drained" };
        var first = ServiceReconciler.Plan(A.Service(), [leaving], A.Now);
        Assert.Equal((2, 1, 0), (Assert.Single(first.Create).Attempt, first.Create[0].Slot, first.Stop.Count));
        Assert.Empty(ServiceReconciler.Plan(A.Service(), [leaving, A.Task(attempt: 2, state: TaskState.Starting)], A.Now).Stop);
        var last = ServiceReconciler.Plan(A.Service(), [leaving, A.Task(attempt: 2)], A.Now);
        Assert.Equal([new StopTask("1-1", "its node is being drained")], last.Stop);
        Assert.Empty(last.Create);
    }

    [Fact]
    public void OneLeavesAfterAnother_WithinTheBudget() =>
        Assert.Single(ServiceReconciler.Plan(A.Service(3), [.. Enumerable.Range(1, 3).Select(slot => A.Task(slot) with { LeaveReason = "no" })], A.Now).Create);

    [Fact]
    public void ATaskThatLeavesNow_IsReplacedAtOnce()
    {
        var plan = ServiceReconciler.Plan(A.Service(), [A.Task() with { LeaveReason = "its node has taint a:NoExecute", LeavesNow = true }], A.Now);
        Assert.Equal([new StopTask("1-1", "its node has taint a:NoExecute")], plan.Stop);
        Assert.Single(plan.Create);
    }

    [Fact]
    public void WhereTheOldGoesFirst_OneThatLeavesItsNode_NeedNot() =>
        Assert.Single(ServiceReconciler.Plan(A.Service() with { Budget = new RolloutBudget { StopFirst = true, Surge = 0 } }, [A.Task() with { LeaveReason = "no" }], A.Now).Create);

    [Fact]
    public void AMove_NamesItsNode() =>
        Assert.Equal("n2", Assert.Single(ServiceReconciler.Plan(A.Service(), [A.Task() with { LeaveReason = "moved", MovesTo = "n2" }], A.Now).Create).NodeId);

    [Fact]
    public void AGlobalService_HasTheSlotsOfItsNodes_AndIdsByNode()
    {
        var service = A.Service() with { GlobalSlots = new Dictionary<int, string> { [2] = "b", [5] = "e" } };
        var plan = ServiceReconciler.Plan(service, [A.Task(slot: 1), A.Task(slot: 2)], A.Now);
        Assert.Equal(new NewTask(TaskIds.Derive("service", "e", 2, 1), 5, 1, 2, "e"), Assert.Single(plan.Create));
        Assert.Equal([new StopTask("1-1", "its node is not the service's any more")], plan.Stop);
    }

    [Fact]
    public void NumbersOfNodes_StayAsGiven_AndNewOnesAreTheSmallestFree() => Assert.Equal(
        [("a", 3), ("b", 1), ("c", 2), ("d", 4)],
        GlobalSlots.Number(["a", "b", "c", "d"], [("a", 3), ("b", 1), ("d", 3)]).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
}
