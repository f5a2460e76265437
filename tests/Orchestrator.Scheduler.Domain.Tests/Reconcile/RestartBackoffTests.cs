using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Tests.Reconcile;

public sealed class RestartBackoffTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 5)]
    [InlineData(3, 10)]
    [InlineData(4, 20)]
    [InlineData(8, 300)]
    [InlineData(1000, 300)]
    public void Delay_AfterFailures_DoublesUpToFiveMinutes(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RestartBackoff.Delay(new RestartPolicy(), failures, 0));

    [Theory]
    [InlineData(2, 6)]
    [InlineData(3, 12)]
    [InlineData(1000, 240)]
    public void Delay_WithTheMostJitter_StaysWithinTheLimits(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RestartBackoff.Delay(new RestartPolicy(), failures, 1));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Delay_LongerThanTheLimitByPolicy_IsThePolicys(double jitter) =>
        Assert.Equal(TimeSpan.FromMinutes(20), RestartBackoff.Delay(new RestartPolicy { DelaySeconds = 1200 }, 3, jitter));

    [Fact]
    public void Jitter_OfManyTasks_IsSpread_AndTheSameEachTime()
    {
        var jitters = Enumerable.Range(0, 200).Select(i => RestartBackoff.Jitter(Domain.Reconcile.TaskIds.Derive("service", i, 1, 1))).ToList();
        Assert.All(jitters, jitter => Assert.InRange(jitter, 0, 1));
        Assert.InRange(jitters.Average(), 0.4, 0.6);
        Assert.Equal(RestartBackoff.Jitter("a"), RestartBackoff.Jitter("a"));
    }
}
