using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Orchestrator.Broker.Integration.Tests;

/// <summary>A program that publishes commands and hears what becomes of them.</summary>
internal sealed class AnsweredCommands : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private AnsweredCommands(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    /// <summary>The answers by command, each with its event ids.</summary>
    public ConcurrentDictionary<string, ConcurrentBag<(string Type, string EventId)>> Answers { get; } = new();

    public static async Task<AnsweredCommands> ConnectAsync(string uri)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(uri) }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var commands = new AnsweredCommands(connection, channel);
        var queue = (await channel.QueueDeclareAsync($"orchestrator.test-{Guid.NewGuid():N}", durable: false, exclusive: true, autoDelete: true)).QueueName;
        foreach (var answer in new[] { "accepted", "rejected", "superseded" })
        {
            await channel.QueueBindAsync(queue, "orchestrator.events.command-" + answer, "");
        }

        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            var body = JsonSerializer.Deserialize<JsonElement>(message.Body.Span);
            commands.Answers.GetOrAdd(body.Text("commandId"), _ => []).Add((body.Text("type"), body.Text("eventId")));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        return commands;
    }

    /// <summary>Returns when the broker has it. What it does not take is published again, as the guide says.</summary>
    public async Task PublishAsync(string command, string body)
    {
        while (true)
        {
            try
            {
                await _channel.BasicPublishAsync(
                    "orchestrator.commands." + command, "", mandatory: true, new BasicProperties { ContentType = "application/json", Persistent = true }, Encoding.UTF8.GetBytes(body));
                return;
            }
            catch (PublishException)
            {
                // Again.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
