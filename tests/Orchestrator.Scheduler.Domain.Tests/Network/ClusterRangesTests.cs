using CsCheck;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Network;

namespace Orchestrator.Scheduler.Domain.Tests.Network;

public sealed class ClusterRangesTests
{
    [Theory]
    [InlineData("10.128.0.0/12", 24, null)]
    [InlineData("10.128.0.1/12", 24, "no range")]
    [InlineData("10.0.0.0/7", 24, "too large")]
    [InlineData("10.0.0.0/21", 25, "too small")]
    [InlineData("10.0.0.0/20", 23, "write /24 to /29")]
    public void ARange_IsCutOrRefused(string range, int bits, string? fault)
    {
        var (ranges, text) = ClusterRanges.Of(range, bits);
        Assert.Equal(fault is null, ranges is not null);
        Assert.Contains(fault ?? "", text ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void SubnetsNeverMeet_NeitherEachOtherNorServices() =>
        Gen.Select(Gen.Int[8, 20], Gen.Int[4, 6], Gen.Int[0, 40]).Sample((bits, more, taken) =>
        {
            var ranges = ClusterRanges.Of($"10.0.0.0/{bits}", bits + more).Ranges!;
            var all = ranges.FreeSubnets(new HashSet<string>()).ToList();
            Assert.Equal((15 << more) / 16, all.Count);
            Assert.All(all, subnet => Assert.False(subnet.Overlaps(ranges.Vips)));
            Assert.All(all.Zip(all.Skip(1)), pair => Assert.False(pair.First.Overlaps(pair.Second)));
            var used = all.Take(taken).Select(subnet => subnet.ToString()).ToHashSet();
            Assert.Equal(all.Skip(taken), ranges.FreeSubnets(used));
        });

    [Fact]
    public void EveryServiceFindsAllAddresses_FromAPlaceOfItsOwn()
    {
        var ranges = ClusterRanges.Of("10.0.0.0/20", 24).Ranges!;
        var a = ranges.VipsFrom("a").ToList();
        Assert.Equal(254, a.Distinct().Count());
        Assert.All(a, vip => Assert.True(ranges.Vips.Contains(vip)));
        Assert.NotEqual(a[0], ranges.VipsFrom("b").First());
    }

    [Fact]
    public void OnlyRunningTasksAreMembers_AndOnlyReadyOnesTakeConnections()
    {
        var good = new ReachableTask("t", 1, "n1", "10.128.0.2", TaskState.Running, Ready: true, Routed: true, DesiredState.Run, NodeLost: false, NodeAnswers: true);
        Assert.True(Assert.Single(EndpointSets.Of([good])).Takes);
        Assert.Empty(EndpointSets.Of([good with { Address = null }, good with { NodeLost = true }, good with { State = TaskState.Failed }, good with { State = TaskState.Starting }]));
        ReachableTask[] drained = [good with { Ready = false }, good with { Routed = false }, good with { Desired = DesiredState.Stop }, good with { NodeAnswers = false }, good with { State = TaskState.Stopping }];
        Assert.All(drained, task => Assert.False(Assert.Single(EndpointSets.Of([task])).Takes));
    }
}
