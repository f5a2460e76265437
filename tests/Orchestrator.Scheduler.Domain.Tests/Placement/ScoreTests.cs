using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Scores;
using Orchestrator.Scheduler.Domain.Placement.Taints;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

public sealed class ScoreTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(0, 0, 100)]
    [InlineData(0.5, 0.5, 75.98)]
    [InlineData(0, 1, 50)]
    [InlineData(0.25, 0.75, 69.99)]
    [InlineData(0.9, 0.1, 59.98)]
    public void Binpack_OfFreeShares(double freeCpu, double freeMemory, double expected) => Assert.Equal(expected, BinpackScore.Of(freeCpu, freeMemory), 0.01);

    [Fact]
    public void Binpack_CountsTheTaskItself()
    {
        var node = A.Cluster([A.Node("n", cpus: 4, memory: 4L << 30)], ("n", "t", A.Claim(cpus: 1, memory: 1L << 30))).Find("n")!;
        Assert.Equal(BinpackScore.Of(0.5, 0.5), BinpackScore.Of(node, new Demand(1, 1L << 30)), 1e-9);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 50)]
    [InlineData(4, 20)]
    public void Spread_OfTasksOfTheService(int count, double expected) => Assert.Equal(expected, SpreadScore.Of(count));

    [Theory]
    [InlineData(0, 0, 1, 100)]
    [InlineData(1, 0, 1, 50)]
    [InlineData(2, 0, 1, 33.33)]
    [InlineData(2, 2, 1, 100)]
    [InlineData(1, 0, 2, 100)]
    [InlineData(2, 0, 2, 50)]
    public void Preference_OfTheLead(int count, int fewest, int maxSkew, double expected) => Assert.Equal(expected, PreferenceScore.Of(count, fewest, maxSkew), 0.01);

    [Fact]
    public void Preference_TheFirstWeighsTwiceTheSecond() =>
        Assert.Equal([4.0 / 7, 2.0 / 7, 1.0 / 7], Enumerable.Range(0, 3).Select(level => PreferenceScore.LevelWeight(level, 3)));

    [Theory]
    [InlineData("a", 100)]
    [InlineData("b", 0)]
    [InlineData("c", 50)]
    public void AttributeAffinity_OfWeights(string zone, double expected)
    {
        var forA = new AttributeAffinity(A.Constraint("node.labels.zone==a"), 80);
        var againstB = new AttributeAffinity(A.Constraint("node.labels.zone==b"), -80);
        Assert.Equal(zone == "c" ? expected : 50 + ((expected - 50) / 2), AttributeAffinityScore.Of(A.Group() with { Affinities = [forA, againstB] }, A.Node("n", labels: [("zone", zone)])));
        Assert.Equal(zone == "a" ? 100 : 50, AttributeAffinityScore.Of(A.Group() with { Affinities = [forA] }, A.Node("n", labels: [("zone", zone)])));
    }

    [Theory]
    [InlineData(100, 0, 0)]
    [InlineData(100, 1, 25)]
    [InlineData(100, 3, 37.5)]
    [InlineData(-100, 1, -25)]
    public void ServiceAffinity_AddsMoreTheMoreTasksAreThere(int weight, int tasks, double expected) => Assert.Equal(expected, ServiceAffinityScore.Of(weight, 100, tasks));

    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 80)]
    [InlineData(2, 20)]
    [InlineData(5, 0)]
    [InlineData(9, 0)]
    public void Failures_OfTheService(int failures, double expected) => Assert.Equal(expected, FailureScore.Of(failures));

    [Theory]
    [InlineData(null, 100)]
    [InlineData("web:1", 100)]
    [InlineData("web:2", 0)]
    public void Image_PresentOrNot(string? image, double expected) =>
        Assert.Equal(expected, ImageScore.Of(A.Group() with { Image = image }, A.Node("n") with { Images = new HashSet<string> { "web:1" } }));

    [Fact]
    public void Taints_ThatAreOnlyPreferred()
    {
        var node = A.Node("n") with { Taints = [new("old", "", TaintEffect.PreferNoSchedule)] };
        Assert.Equal(50, TaintScore.Of(A.Group(), node));
        Assert.Equal(100, TaintScore.Of(A.Group() with { Tolerations = [new("old")] }, node));
        Assert.Equal(100, TaintScore.Of(A.Group(), A.Node("n")));
    }

    [Fact]
    public void Random_IsEvenAndTheSameEachTime()
    {
        var scores = Enumerable.Range(0, 10_000).Select(i => RandomScore.Of(i % 7, $"node-{i}", i % 3)).ToList();
        Assert.All(scores, score => Assert.InRange(score, 0, 100));
        Assert.InRange(scores.Average(), 49, 51);
        Assert.Equal(scores[9], RandomScore.Of(2, "node-9", 0));
        Assert.NotEqual(RandomScore.Of(1, "n", 0), RandomScore.Of(2, "n", 0));
        Assert.NotEqual(RandomScore.Of(1, "n", 0), RandomScore.Of(1, "n", 1));
    }
}
