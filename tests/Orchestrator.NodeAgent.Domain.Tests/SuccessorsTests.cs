using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Tasks;

namespace Orchestrator.NodeAgent.Domain.Tests;

public sealed class SuccessorsTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(RestartCondition.Any, TaskState.Failed, true)]
    [InlineData(RestartCondition.Any, TaskState.Completed, true)]
    [InlineData(RestartCondition.OnFailure, TaskState.Failed, true)]
    [InlineData(RestartCondition.OnFailure, TaskState.Completed, false)]
    [InlineData(RestartCondition.None, TaskState.Failed, false)]
    [InlineData(RestartCondition.Any, TaskState.Stopped, false)]
    [InlineData(RestartCondition.Any, TaskState.Rejected, false)]
    public void TheFirst_FollowsAtOnce_WhereThePolicyWantsOne(RestartCondition condition, TaskState state, bool follows) =>
        Assert.Equal(follows ? Now : null, Successors.DueAt(new RestartPolicy { Condition = condition }, [End("a", state, 0, 60)]));

    [Fact]
    public void LaterOnes_WaitAsTheSchedulerWouldHaveThemWait()
    {
        var due = Successors.DueAt(new RestartPolicy(), [End("a", TaskState.Failed, 90, 1), End("b", TaskState.Failed, 30, 1), End("c", TaskState.Failed, 0, 1)])!.Value;
        Assert.Equal(Now + RestartBackoff.Delay(new RestartPolicy(), 3, RestartBackoff.Jitter("c")), due);
    }

    [Fact]
    public void ACleanRun_MakesEarlierFailuresForgotten() =>
        Assert.Equal(Now, Successors.DueAt(new RestartPolicy(), [End("a", TaskState.Failed, 900, 1), End("b", TaskState.Failed, 800, 1), End("c", TaskState.Failed, 0, 700)]));

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void NoMoreThanThePolicyAllows(int ends, bool follows) =>
        Assert.Equal(follows, Successors.DueAt(new RestartPolicy { MaxAttempts = 2 }, [.. Enumerable.Range(0, ends).Select(i => End($"t{i}", TaskState.Failed, 100 - i, 1))]) is not null);

    [Fact]
    public void TheId_FollowsFromParentAndNode()
    {
        Assert.Equal(Successors.IdOf("a", "n1"), Successors.IdOf("a", "n1"));
        Assert.NotEqual(Successors.IdOf("a", "n1"), Successors.IdOf("a", "n2"));
        Assert.Matches("^[0-9a-f]{32}$", Successors.IdOf("a", "n1"));
    }

    private static SlotEnd End(string id, TaskState state, int secondsAgo, int ran) => new(id, state, Now.AddSeconds(-secondsAgo - ran), Now.AddSeconds(-secondsAgo));
}
