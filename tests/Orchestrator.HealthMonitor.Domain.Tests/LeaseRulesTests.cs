using Orchestrator.HealthMonitor.Domain.Leases;

namespace Orchestrator.HealthMonitor.Domain.Tests;

public sealed class LeaseRulesTests
{
    [Theory]
    [InlineData(null, 0, false, LeaseAction.Take)]
    [InlineData("me", 1, true, LeaseAction.Renew)]
    [InlineData("me", 1, false, LeaseAction.Take)]
    [InlineData("other", 4.9, false, LeaseAction.Wait)]
    [InlineData("other", 5, false, LeaseAction.Take)]
    public void ALease_OfFiveSeconds(string? holder, double unchangedFor, bool isHeld, LeaseAction action) =>
        Assert.Equal(action, LeaseRules.Next(holder, "me", TimeSpan.FromSeconds(unchangedFor), isHeld, TimeSpan.FromSeconds(5)));
}
