using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Reconcile;

namespace Orchestrator.Scheduler.Domain.Tests.Reconcile;

public sealed class SlotHistoryTests
{
    [Theory]
    [InlineData(RestartCondition.Any, TaskState.Completed, false)]
    [InlineData(RestartCondition.Any, TaskState.Failed, false)]
    [InlineData(RestartCondition.OnFailure, TaskState.Completed, true)]
    [InlineData(RestartCondition.OnFailure, TaskState.Failed, false)]
    [InlineData(RestartCondition.OnFailure, TaskState.Rejected, false)]
    [InlineData(RestartCondition.None, TaskState.Completed, true)]
    [InlineData(RestartCondition.None, TaskState.Failed, true)]
    [InlineData(RestartCondition.None, TaskState.Lost, false)]
    public void Next_AfterOneEnd_FollowsTheCondition(RestartCondition condition, TaskState state, bool ended) =>
        Assert.Equal(ended, SlotHistory.Next([A.Task(state: state)], new RestartPolicy { Condition = condition }, A.Now).Ended);

    [Fact]
    public void Next_ToldToStop_StartsAtOnceWhateverThePolicyIs()
    {
        var stopped = A.Task(state: TaskState.Stopped, desired: DesiredState.Stop);
        Assert.Equal(NextAttempt.AtOnce, SlotHistory.Next([stopped], new RestartPolicy { Condition = RestartCondition.None }, A.Now));
    }

    [Fact]
    public void Next_SecondQuickFailure_WaitsForTheDelay()
    {
        var next = SlotHistory.Next([Failed(1, 30), Failed(2, 1)], new RestartPolicy(), A.Now);
        Assert.InRange(next.NotBefore!.Value, A.Now.AddSeconds(4), A.Now.AddSeconds(5));
    }

    [Fact]
    public void Next_AfterACleanRun_ForgetsEarlierFailures()
    {
        var clean = A.Task(attempt: 3, state: TaskState.Failed, ended: TimeSpan.Zero, ran: TimeSpan.FromMinutes(11));
        var next = SlotHistory.Next([Failed(1, 900), Failed(2, 800), clean], new RestartPolicy(), A.Now);
        Assert.Equal((0, A.Now), (next.Failures, next.NotBefore));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Next_MaxAttempts_CountsRestarts(int failures, bool ended)
    {
        var tasks = Enumerable.Range(1, failures).Select(i => Failed(i, 10 - i));
        Assert.Equal(ended, SlotHistory.Next(tasks, new RestartPolicy { MaxAttempts = 2 }, A.Now).Ended);
    }

    [Fact]
    public void Next_MaxAttemptsInAWindow_ForgetsWhatIsOlder()
    {
        var policy = new RestartPolicy { MaxAttempts = 1, WindowSeconds = 60 };
        Assert.False(SlotHistory.Next([Failed(1, 90), Failed(2, 1)], policy, A.Now).Ended);
        Assert.True(SlotHistory.Next([Failed(1, 50), Failed(2, 1)], policy, A.Now).Ended);
    }

    private static TaskSnapshot Failed(int attempt, int secondsAgo) =>
        A.Task(attempt: attempt, state: TaskState.Failed, ended: TimeSpan.FromSeconds(secondsAgo));
}
