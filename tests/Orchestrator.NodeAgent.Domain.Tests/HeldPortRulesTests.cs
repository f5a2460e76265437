using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Ports;

namespace Orchestrator.NodeAgent.Domain.Tests;

public sealed class HeldPortRulesTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(80, 0, true)]
    [InlineData(32_767, 0, true)]
    [InlineData(32_768, 0, false)]
    [InlineData(60_999, 59, false)]
    [InlineData(60_999, 60, true)]
    [InlineData(61_000, 0, true)]
    public void Counts_APortThatClientsGetForAMoment_OnlyAfterAMinute(int port, int seconds, bool counts) =>
        Assert.Equal(counts, HeldPortRules.Counts(port, Now - TimeSpan.FromSeconds(seconds), (32_768, 60_999), Now));

    [Fact]
    public void Told_IsInOrder_EachOnce_AndBounded()
    {
        var held = Enumerable.Range(1, 300).Reverse().SelectMany(port => (HeldPort[])[Held(port), Held(port)]).ToList();
        var told = HeldPortRules.Told(held);
        Assert.Equal(Enumerable.Range(1, HeldPortRules.Most), told.Select(port => port.Port));
        Assert.Equal(told, HeldPortRules.Told(held.AsEnumerable().Reverse()));
        Assert.Equal(2, HeldPortRules.Told([Held(1), Held(1) with { Protocol = PortProtocol.Udp }]).Count);
    }

    private static HeldPort Held(int port) => new() { Port = port, Address = "0.0.0.0", Holder = "nginx, process 7" };
}
