using Orchestrator.NodeAgent.Domain.Tasks;

namespace Orchestrator.NodeAgent.Domain.Tests;

public sealed class EndedContainersTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void OfEachSlot_TheNewestAreKept()
    {
        var ended = Enumerable.Range(0, 8).Select(i => new EndedContainer($"a{i}", "shop", "web", 1, Now.AddSeconds(i)))
            .Concat([new EndedContainer("b", "shop", "web", 2, Now), new EndedContainer("c", "blog", "web", 1, Now)]);
        Assert.Equal(["a0", "a1", "a2"], EndedContainers.Superfluous(ended.Reverse(), 5).Order());
    }

    [Fact]
    public void WithNoneToKeep_AllGo() => Assert.Equal(["x"], EndedContainers.Superfluous([new EndedContainer("x", "a", "b", 1, Now)], 0));
}
