using Orchestrator.State.Mongo;

namespace Orchestrator.State.Tests.Mongo;

public sealed class MongoAddressTests
{
    [Theory]
    [InlineData("mongodb://127.0.0.1:27017", "names no database")]
    [InlineData("mongodb://127.0.0.1:27017/?replicaSet=rs0", "names no database")]
    [InlineData("http://127.0.0.1/state", "cannot be read")]
    [InlineData("", "cannot be read")]
    [InlineData("mongodb://user:se/cret@127.0.0.1/state", "cannot be read")]
    public void WhatIsNoAddress_IsRefused_WithoutItsPassword(string uri, string why)
    {
        var refused = Assert.Throws<FormatException>(() => MongoAddress.Parse(uri));
        Assert.Contains(why, refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("cret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Timeouts_AreShort_UnlessTheAddressSaysOtherwise()
    {
        Assert.Equal(MongoAddress.DefaultServerSelectionTimeout, MongoAddress.Parse("mongodb://h/state").Settings.ServerSelectionTimeout);
        var said = MongoAddress.Parse("mongodb://h/state?serverSelectionTimeoutMS=30000&socketTimeoutMS=1000").Settings;
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1)), (said.ServerSelectionTimeout, said.SocketTimeout));
    }
}
