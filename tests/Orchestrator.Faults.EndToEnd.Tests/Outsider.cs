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
            NameOf<T>(), "", mandatory: false, properties, JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web));
    }

    /// <summary>Listens for a while, then sends all that it heard again: each twice, in another order.</summary>
    public async Task RepeatAsync<T>(TimeSpan listen, Random random)
    {
        var heard = new ConcurrentQueue<(BasicProperties Properties, byte[] Body)>();
        var queue = await ListenAsync<T>(message => heard.Enqueue((new BasicProperties(message.BasicProperties), message.Body.ToArray())));
        await Task.Delay(listen, TimeProvider.System);
        await _channel.QueueDeleteAsync(queue);
        var again = heard.Concat(heard).ToArray();
        random.Shuffle(again);
        foreach (var (properties, body) in again)
        {
            await _channel.BasicPublishAsync(NameOf<T>(), "", mandatory: false, properties, body);
        }
    }

    /// <returns>All messages of a kind from now on; more come as they are sent.</returns>
    public async Task<IReadOnlyCollection<T>> HearAsync<T>()
    {
        var heard = new ConcurrentQueue<T>();
        await ListenAsync<T>(message => heard.Enqueue(JsonSerializer.Deserialize<T>(message.Body.Span, JsonSerializerOptions.Web)!));
        return heard;
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static string NameOf<T>() => typeof(T).GetCustomAttribute<MessageNameAttribute>()!.Name;

    /// <returns>Of the queue.</returns>
    private async Task<string> ListenAsync<T>(Action<BasicDeliverEventArgs> heard)
    {
        var queue = (await _channel.QueueDeclareAsync($"orchestrator.outsider-{Guid.NewGuid():N}")).QueueName;
        await _channel.QueueBindAsync(queue, NameOf<T>(), "");
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            heard(message);
            return Task.CompletedTask;
        };
        await _channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        return queue;
    }
}
