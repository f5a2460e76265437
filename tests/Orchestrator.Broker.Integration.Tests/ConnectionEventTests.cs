using System.Collections.Concurrent;
using Orchestrator.Messaging;
using RabbitMQ.Client;

namespace Orchestrator.Broker.Integration.Tests;

/// <summary>A broker that tells of its connections, and one that does not.</summary>
public sealed class ConnectionEventTests
{
    [Fact]
    public async Task ANodesConnectionThatCloses_IsToldAtOnce_AndOthersAreNot()
    {
        await using var broker = await OwnBroker.TryStartAsync();
        Assert.SkipUnless(broker is not null, Testing.Broker.Missing);
        using var end = new CancellationTokenSource();
        var closed = new ConcurrentQueue<string>();
        var watch = ConnectionEvents.WatchAsync(new Uri(broker.ControlUri), null, closed.Enqueue, end.Token);
        await Until.IsAsync(
            async () =>
            {
                await (await ConnectAsync(broker, "somebody")).CloseAsync();
                await (await ConnectAsync(broker, ConnectionEvents.NameOfNode("n-1"))).CloseAsync();
                return closed.Count;
            },
            count => count > 0 || watch.IsCompleted,
            "a closed connection is told");
        Assert.False(watch.IsCompleted, "the broker does not tell");
        Assert.All(closed, nodeId => Assert.Equal("n-1", nodeId));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
    }

    [Fact]
    public async Task ABrokerThatDoesNotTell_IsFoundOut()
    {
        await using var broker = await Testing.Broker.TryCreateAsync();
        Assert.SkipUnless(broker is not null, Testing.Broker.Missing);
        Assert.False(await ConnectionEvents.WatchAsync(new Uri(broker.AmqpUri), null, _ => { }, CancellationToken.None));
    }

    private static Task<IConnection> ConnectAsync(OwnBroker broker, string name) =>
        new ConnectionFactory { Uri = new Uri(broker.ControlUri), ClientProvidedName = name }.CreateConnectionAsync();
}
