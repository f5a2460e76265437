using Orchestrator.Contracts;
using Orchestrator.HealthMonitor.Domain.Nodes;

namespace Orchestrator.HealthMonitor.Domain.Tests;

public sealed class NodeBrakeTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData("RRRR", false)]
    [InlineData("LRRR", false)]
    [InlineData("L", false)]
    [InlineData("LR", false)]
    [InlineData("LL", true)]
    [InlineData("LLR", true)]
    [InlineData("LSRRR", true)]
    [InlineData("LLRRRR", false)]
    [InlineData("LLRRR", true)]
    [InlineData("UUUURRRRRRRR", false)]
    [InlineData("UUUUURRRRRRRR", true)]
    public void MoreThanAThird_AndAtLeastTwo(string found, bool on) =>
        Assert.Equal(on, NodeBrake.IsOn(found.Select(letter => A(NodeLiveness.Ready, Of(letter))), Window));

    [Fact]
    public void WhoWasLostLongBefore_DoesNotCount()
    {
        var before = A(NodeLiveness.Lost, NodeLiveness.Lost, TimeSpan.FromHours(1));
        Assert.False(NodeBrake.IsOn([before, before, before, A(NodeLiveness.Ready, NodeLiveness.Lost), A(NodeLiveness.Ready, NodeLiveness.Ready)], Window));
        Assert.True(NodeBrake.IsOn([A(NodeLiveness.Lost, NodeLiveness.Lost, TimeSpan.FromSeconds(3)), A(NodeLiveness.Ready, NodeLiveness.Lost), A(NodeLiveness.Ready, NodeLiveness.Ready)], Window));
    }

    [Fact]
    public void ThoseConfirmedAsGone_DoNotCount() =>
        Assert.False(NodeBrake.IsOn([A(NodeLiveness.Unreachable, NodeLiveness.Lost) with { Confirmed = true }, A(NodeLiveness.Unreachable, NodeLiveness.Lost)], Window));

    [Theory]
    [InlineData(NodeLiveness.Unreachable, NodeLiveness.Lost, 1, false, true)]
    [InlineData(NodeLiveness.Ready, NodeLiveness.Lost, 900, false, true)]
    [InlineData(NodeLiveness.Unreachable, NodeLiveness.Lost, 600, false, false)]
    [InlineData(NodeLiveness.Unreachable, NodeLiveness.Lost, 1, true, false)]
    [InlineData(NodeLiveness.Lost, NodeLiveness.Lost, 1, false, false)]
    [InlineData(NodeLiveness.Suspect, NodeLiveness.Unreachable, 1, false, false)]
    public void Holds_WhoWouldBeLost_ForALimitedTime_OrUntilConfirmed(NodeLiveness known, NodeLiveness found, int seconds, bool confirmed, bool holds) =>
        Assert.Equal(holds, NodeBrake.Holds(A(known, found, TimeSpan.FromSeconds(seconds)) with { Confirmed = confirmed }, Hold));

    private static NodeFinding A(NodeLiveness known, NodeLiveness found, TimeSpan knownFor = default) => new(known, knownFor, found, false);

    private static NodeLiveness Of(char letter) => letter switch
    {
        'R' => NodeLiveness.Ready,
        'S' => NodeLiveness.Suspect,
        'U' => NodeLiveness.Unreachable,
        _ => NodeLiveness.Lost,
    };
}
