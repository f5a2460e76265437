using Orchestrator.Scheduler.Domain.Nodes;

namespace Orchestrator.Scheduler.Domain.Tests;

public sealed class HeartbeatPaceTests
{
    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(500, 0.5)]
    [InlineData(501, 1.5)]
    [InlineData(1_000, 2)]
    [InlineData(5_000, 12)]
    public void ThePace_IsSlowerInALargerCluster(int nodes, double seconds) => Assert.Equal(seconds, HeartbeatPace.Of(nodes));

    [Fact]
    public void BeyondTheFirstNodes_AllTogetherStayUnderTheRate() =>
        Assert.All(Enumerable.Range(HeartbeatPace.NodesAtFastest + 1, 20_000), nodes => Assert.InRange(nodes / HeartbeatPace.Of(nodes), 0, HeartbeatPace.MostBeatsPerSecond));

    [Fact]
    public void ANodeThatComesAndGoes_ChangesThePaceOnce()
    {
        var pace = HeartbeatPace.Next(HeartbeatPace.Fastest, 501);
        Assert.Equal(1.5, pace);
        Assert.Equal(pace, HeartbeatPace.Next(pace, 500));
        Assert.Equal(HeartbeatPace.Fastest, HeartbeatPace.Next(pace, 400));
    }
}
