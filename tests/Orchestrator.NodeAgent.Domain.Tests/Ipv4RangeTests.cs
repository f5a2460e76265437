using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Tests;

public sealed class Ipv4RangeTests
{
    [Theory]
    [InlineData("10.128.0.0/12", true)]
    [InlineData("10.128.1.1", true)]
    [InlineData("10.128.0.1/12", false)]
    [InlineData("10.128.0.0/33", false)]
    [InlineData("10.128/12", false)]
    [InlineData("::/0", false)]
    [InlineData(null, false)]
    public void ARange_HasNothingBehindItsPrefix(string? text, bool valid) => Assert.Equal(valid, Ipv4Range.Parse(text) is not null);

    [Fact]
    public void Parts_AreNumberedInOrder()
    {
        var range = Ipv4Range.Parse("10.128.0.0/12")!.Value;
        Assert.Equal(4096, range.Parts(24));
        Assert.Equal("10.128.3.0/24", range.Part(3, 24).ToString());
        Assert.Equal("10.143.255.0/24", range.Part(4095, 24).ToString());
        Assert.True(range.Overlaps(Ipv4Range.Parse("10.0.0.0/8")!.Value));
        Assert.False(range.Overlaps(Ipv4Range.Parse("10.144.0.0/16")!.Value));
        Assert.True(range.Contains("10.143.255.255"));
    }
}
