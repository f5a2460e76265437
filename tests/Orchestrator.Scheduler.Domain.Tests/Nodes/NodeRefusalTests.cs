using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Nodes;

namespace Orchestrator.Scheduler.Domain.Tests.Nodes;

public sealed class NodeRefusalTests
{
    [Theory]
    [InlineData(NodeAvailability.Active, NodeLiveness.Ready, null)]
    [InlineData(NodeAvailability.Active, NodeLiveness.Suspect, null)]
    [InlineData(NodeAvailability.Active, NodeLiveness.Unreachable, "is unreachable")]
    [InlineData(NodeAvailability.Active, NodeLiveness.Lost, "is lost")]
    [InlineData(NodeAvailability.Active, NodeLiveness.Down, "is down")]
    [InlineData(NodeAvailability.Pause, NodeLiveness.Ready, "is paused")]
    [InlineData(NodeAvailability.Drain, NodeLiveness.Suspect, "is being drained")]
    [InlineData(NodeAvailability.Drain, NodeLiveness.Lost, "is lost")]
    public void ANode_TakesNewTasks_OrSaysWhyNot(NodeAvailability availability, NodeLiveness liveness, string? reason) =>
        Assert.Equal(reason, NodeRefusal.Of(availability, liveness, removed: false));

    [Fact]
    public void ANodeThatIsShortOfSomething_OrInQuarantine_TakesNone()
    {
        Assert.Equal("is short of memory", NodeRefusal.Of(NodeAvailability.Active, NodeLiveness.Ready, false, false, new NodePressure { Memory = true, Disk = true }));
        Assert.Equal("is short of disk space", NodeRefusal.Of(NodeAvailability.Active, NodeLiveness.Ready, false, false, new NodePressure { Disk = true }));
        Assert.StartsWith("is in quarantine", NodeRefusal.Of(NodeAvailability.Active, NodeLiveness.Ready, false, quarantined: true), StringComparison.Ordinal);
    }

    [Fact]
    public void ANodeThatIsBeingRemoved_TakesNone() => Assert.Equal("is being removed", NodeRefusal.Of(NodeAvailability.Active, NodeLiveness.Ready, removed: true));
}
