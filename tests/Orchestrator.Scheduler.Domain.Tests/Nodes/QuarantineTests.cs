using Orchestrator.Scheduler.Domain.Nodes;

namespace Orchestrator.Scheduler.Domain.Tests.Nodes;

public sealed class QuarantineTests
{
    [Theory]
    [InlineData("abcab", 1, 2, true)]
    [InlineData("abca", 1, 2, false)]
    [InlineData("aabba", 1, 2, false)]
    [InlineData("aaaaaaaaaa", 5, 6, false)]
    [InlineData("abcab", 0, 1, false)]
    [InlineData("abcab", 1, 3, false)]
    [InlineData("abcab", 2, 4, true)]
    public void FiveStartsOfThreeServices_AndEnoughOthers(string services, int others, int all, bool quarantined) =>
        Assert.Equal(quarantined, Quarantine.Reason(services.Select((service, i) => (service.ToString(), A.Now.AddSeconds(-i))), others, all, A.Now) is not null);

    [Fact]
    public void FailuresBeforeTheWindow_DoNotCount() =>
        Assert.Null(Quarantine.Reason("abcab".Select((service, i) => (service.ToString(), A.Now.AddSeconds(i == 0 ? -300 : -1))), 3, 4, A.Now));

    [Fact]
    public void TheReason_SaysWhatFailed() =>
        Assert.Equal("5 containers of 3 services failed to start on it within 5 minutes", Quarantine.Reason("abcab".Select(service => (service.ToString(), A.Now)), 3, 4, A.Now));
}
