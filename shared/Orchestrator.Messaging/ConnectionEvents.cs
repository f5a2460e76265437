using System.Collections;
using System.Text;
using System.Text.RegularExpressions;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Orchestrator.Messaging;

/// <summary>What the broker tells of its own connections, where its plug-in rabbitmq_event_exchange is enabled for this virtual host.</summary>
public static partial class ConnectionEvents
{
    private const string Exchange = "amq.rabbitmq.event";
    private const string Closed = "connection.closed";
    private const string QueuePrefix = "orchestrator.health-monitor.connections.";
    private const string NamePrefix = "orchestrator.node.";

    /// <summary>What an agent calls its connection.</summary>
    public static string NameOfNode(string nodeId) => NamePrefix + nodeId;

    /// <param name="broker">Its address.</param>
    /// <param name="caFile">As in <see cref="BusOptions.CaFile"/>.</param>
    /// <param name="closed">Told of each node whose connection closed.</param>
    /// <param name="cancellation">Ends the watch.</param>
    /// <returns>False when the broker does not tell; true when the connection broke or the watch ended.</returns>
    /// <exception cref="BrokerUnavailableException">It cannot be reached.</exception>
    public static Task<bool> WatchAsync(Uri broker, string? caFile, Action<string> closed, CancellationToken cancellation) =>
        BrokerClient.UseAsync(broker, caFile, connection => WatchAsync(connection, closed, cancellation), cancellation);

    private static async Task<bool> WatchAsync(IConnection connection, Action<string> closed, CancellationToken cancellation)
    {
        try
        {
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            connection.ConnectionShutdownAsync += (_, _) =>
            {
                ended.TrySetResult();
                return Task.CompletedTask;
            };
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
            var queue = await channel.QueueDeclareAsync(QueuePrefix + Guid.NewGuid().ToString("N"), durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellation);
            await channel.QueueBindAsync(queue.QueueName, Exchange, Closed, cancellationToken: cancellation);
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, delivery) =>
            {
                if (NodeOf(delivery.BasicProperties.Headers) is { } nodeId)
                {
                    closed(nodeId);
                }

                return Task.CompletedTask;
            };
            await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, cancellation);
            await ended.Task.WaitAsync(cancellation);
            return true;
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason is { ReplyCode: Constants.NotFound or Constants.AccessRefused })
        {
            return false;
        }
    }

    /// <summary>The client's properties come as the broker prints them.</summary>
    private static string? NodeOf(IDictionary<string, object?>? headers) =>
        headers is not null && headers.TryGetValue("client_properties", out var properties)
        && Node().Match(TextOf(properties)) is { Success: true } match ? match.Groups[1].Value : null;

    private static string TextOf(object? value) => value switch
    {
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        IEnumerable list => string.Join(' ', list.Cast<object?>().Select(TextOf)),
        _ => "",
    };

    [GeneratedRegex(@"orchestrator\.node\.([A-Za-z0-9_-]{1,64})")]
    private static partial Regex Node();
}
