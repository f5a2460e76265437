using RabbitMQ.Client;

namespace Orchestrator.Broker.Integration.Tests;

/// <summary>Two nodes with users of their own; the first is connected, the second has its queue.</summary>
public sealed class TwoNodeUsers : IAsyncLifetime
{
    private Testing.Broker? _broker;

    public string Own { get; } = "n" + Guid.NewGuid().ToString("N");

    public string Other { get; } = "n" + Guid.NewGuid().ToString("N");

    /// <summary>The first node's; null: there is no broker.</summary>
    public IConnection? Connection { get; private set; }

    public static string Queue(string nodeId) => "orchestrator.node." + nodeId;

    public static async Task DeclareAsync(IChannel channel, string nodeId)
    {
        await channel.ExchangeDeclareAsync(Queue(nodeId), ExchangeType.Fanout, durable: true);
        await channel.QueueDeclareAsync(Queue(nodeId), durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync(Queue(nodeId), Queue(nodeId), "");
    }

    public async ValueTask InitializeAsync()
    {
        _broker = await Testing.Broker.TryCreateAsync();
        if (_broker is null)
        {
            return;
        }

        await _broker.LoadDefinitionsAsync(Other);
        await _broker.LoadDefinitionsAsync(Own);
        await using (var others = await new ConnectionFactory { Uri = new Uri(_broker.NodeUri(Other)) }.CreateConnectionAsync())
        await using (var channel = await others.CreateChannelAsync())
        {
            await DeclareAsync(channel, Other);
        }

        Connection = await new ConnectionFactory { Uri = new Uri(_broker.NodeUri(Own)) }.CreateConnectionAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Connection is not null)
        {
            await Connection.DisposeAsync();
        }

        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }
}
