using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement.Taints;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

public sealed class TaintEvictionTests
{
    private static readonly Taint Out = new("out", "", TaintEffect.NoExecute);

    [Fact]
    public void Of_ATaintNotTolerated_IsAtOnce() => Assert.Equal((A.Now, Out), TaintEviction.Of([(Out, A.Now)], []));

    [Fact]
    public void Of_ATaintToleratedForAWhile_IsAfterThat() =>
        Assert.Equal((A.Now + TimeSpan.FromSeconds(300), Out), TaintEviction.Of([(Out, A.Now)], [new Toleration("out", Seconds: 300), new Toleration("out", Seconds: 60)]));

    [Fact]
    public void Of_ATaintToleratedForEver_IsNever() =>
        Assert.Null(TaintEviction.Of([(Out, A.Now)], [new Toleration("out", Seconds: 60), new Toleration("out")]));

    [Fact]
    public void Of_SeveralTaints_IsTheFirst()
    {
        var other = Out with { Key = "other" };
        Assert.Equal((A.Now - TimeSpan.FromSeconds(1), other), TaintEviction.Of([(Out, A.Now), (other, A.Now - TimeSpan.FromSeconds(1))], []));
    }

    [Fact]
    public void Of_TaintsThatKeepOnlyNewTasksAway_IsNever() =>
        Assert.Null(TaintEviction.Of([(Out with { Effect = TaintEffect.NoSchedule }, A.Now), (Out with { Effect = TaintEffect.PreferNoSchedule }, A.Now)], []));
}
