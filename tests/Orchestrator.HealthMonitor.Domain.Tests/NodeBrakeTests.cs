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
    [InlineData(NodeLiveness.Unreachable, NodeLiveness.Lost, 1, false, 599)]
    [InlineData(NodeLiveness.Ready, NodeLiveness.Lost, 900, false, 600)]
    [InlineData(NodeLiveness.Unreachable, NodeLiveness.Lost, 600, false, 0)]
    [InlineData(NodeLiveness.Unreachable, NodeLiveness.Lost, 1, true, 0)]
    [InlineData(NodeLiveness.Lost, NodeLiveness.Lost, 1, false, 0)]
    [InlineData(NodeLiveness.Suspect, NodeLiveness.Unreachable, 1, false, 0)]
    public void HeldFor_WhoWouldBeLost_ALimitedTime_OrUntilConfirmed(NodeLiveness known, NodeLiveness found, int seconds, bool confirmed, int heldFor) =>
        Assert.Equal(TimeSpan.FromSeconds(heldFor), NodeBrake.HeldFor(A(known, found, TimeSpan.FromSeconds(seconds)) with { Confirmed = confirmed }, Hold));

    [Theory]
    [InlineData(10, 0, 20)]
    [InlineData(15, 5, 15)]
    [InlineData(30, 20, 0)]
    [InlineData(120, 0, 60)]
    [InlineData(120, 59, 1)]
    [InlineData(590, 1, 10)]
    public void StillHeldFor_TwiceAsLongAsItLasted_AMinuteAtMost(int unreachableFor, int calmFor, int heldFor) => Assert.Equal(
        TimeSpan.FromSeconds(heldFor),
        NodeBrake.StillHeldFor(A(NodeLiveness.Unreachable, NodeLiveness.Lost, TimeSpan.FromSeconds(unreachableFor)), Hold, TimeSpan.FromSeconds(calmFor), new NodeLivenessThresholds { ReconnectGrace = TimeSpan.FromMinutes(1) }));

    private static NodeFinding A(NodeLiveness known, NodeLiveness found, TimeSpan knownFor = default) => new(known, knownFor, found, false);

    private static NodeLiveness Of(char letter) => letter switch
    {
        'R' => NodeLiveness.Ready,
        'S' => NodeLiveness.Suspect,
        'U' => NodeLiveness.Unreachable,
        _ => NodeLiveness.Lost,
    };
}
