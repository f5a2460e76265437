using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Orchestrator.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Whoever has the broker's address and publishes what they like. Each message is on the broker when its publishing has ended.</summary>
public sealed class Outsider : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private Outsider(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    public static async Task<Outsider> ConnectAsync(string bus)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(bus.Replace("rabbitmq://", "amqp://", StringComparison.Ordinal)) }.CreateConnectionAsync();
        return new Outsider(connection, await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true)));
    }

    public async Task PublishAsync<T>(T message)
    {
        var properties = new BasicProperties
        {
            ContentType = "application/json",
            Persistent = true,
            MessageId = Guid.NewGuid().ToString(),
            Headers = new Dictionary<string, object?> { ["MT-MessageType"] = $"urn:message:Orchestrator.Contracts:{typeof(T).Name}" },
        };
        await _channel.BasicPublishAsync(
            typeof(T).GetCustomAttribute<MessageNameAttribute>()!.Name, "", mandatory: false, properties, JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web));
    }

    /// <summary>Listens for a while, then sends all that it heard again: each twice, in another order.</summary>
    public async Task RepeatAsync<T>(TimeSpan listen, Random random)
    {
        var exchange = typeof(T).GetCustomAttribute<MessageNameAttribute>()!.Name;
        var heard = new ConcurrentQueue<(BasicProperties Properties, byte[] Body)>();
        var queue = (await _channel.QueueDeclareAsync($"orchestrator.outsider-{Guid.NewGuid():N}")).QueueName;
        await _channel.QueueBindAsync(queue, exchange, "");
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            heard.Enqueue((new BasicProperties(message.BasicProperties), message.Body.ToArray()));
            return Task.CompletedTask;
        };
        await _channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        await Task.Delay(listen, TimeProvider.System);
        await _channel.QueueDeleteAsync(queue);
        var again = heard.Concat(heard).ToArray();
        random.Shuffle(again);
        foreach (var (properties, body) in again)
        {
            await _channel.BasicPublishAsync(exchange, "", mandatory: false, properties, body);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
