using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Orchestrator.Messaging;

/// <summary>Lists and empties the error queues over AMQP. The in-memory bus has none that outlive the process: nothing is listed there.</summary>
public sealed class ErrorQueues(BusOptions options)
{
    private const int InFlight = 48;

    /// <returns>Those of the named queues that hold messages.</returns>
    /// <param name="queues">Names to look for; see <see cref="ErrorQueueNames.Of"/>.</param>
    /// <param name="withOldest">Looks at the first message of each, too.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BrokerUnavailableException">The broker cannot be reached, or refuses.</exception>
    public Task<IReadOnlyList<ErrorQueue>> ListAsync(IReadOnlyList<string> queues, bool withOldest, CancellationToken cancellation) =>
        UseAsync<IReadOnlyList<ErrorQueue>>([], async connection =>
        {
            var found = new List<ErrorQueue>();
            foreach (var queue in queues)
            {
                if (await CountAsync(connection, queue, cancellation) is > 0 and var messages)
                {
                    var oldest = withOldest ? await PeekAsync(connection, queue, 1, cancellation) : [];
                    found.Add(new ErrorQueue(queue, messages, oldest is [var first] ? first.FailedAt : null));
                }
            }

            return found;
        }, cancellation);

    /// <summary>Reads the first messages. They stay where they are, in their order.</summary>
    /// <returns>Null when there is no such queue.</returns>
    /// <exception cref="BrokerUnavailableException">The broker cannot be reached, or refuses.</exception>
    public Task<IReadOnlyList<FailedMessage>?> PeekAsync(string queue, int limit, CancellationToken cancellation) =>
        UseAsync<IReadOnlyList<FailedMessage>?>(null, async connection =>
            await CountAsync(connection, queue, cancellation) is null ? null : await PeekAsync(connection, queue, limit, cancellation), cancellation);

    /// <summary>Moves messages back to the queue they came from: each is dropped here only when the broker has confirmed that it is kept there.</summary>
    /// <param name="queue">An error queue.</param>
    /// <param name="id">Only the messages with this id; null: all that are there now.</param>
    /// <param name="cancellation">Ends it between messages.</param>
    /// <returns>Null when there is no such queue.</returns>
    /// <exception cref="BrokerUnavailableException">The broker cannot be reached, or refuses.</exception>
    public Task<MovedMessages?> RetryAsync(string queue, string? id, CancellationToken cancellation) => UseAsync(null, async connection =>
    {
        var origin = ErrorQueueNames.OriginOf(queue) ?? throw new ArgumentException($"'{queue}' is no error queue", nameof(queue));
        return await CountAsync(connection, queue, cancellation) is not { } messages ? null
            : await CountAsync(connection, origin, cancellation) is null ? new MovedMessages(0, $"the queue {origin} is not there any more; drop the messages")
            : await TakeAsync(connection, queue, id, messages, (channel, message) => PublishAsync(channel, origin, message, cancellation), cancellation);
    }, cancellation);

    /// <summary>Forgets messages.</summary>
    /// <param name="queue">An error queue.</param>
    /// <param name="id">Only the messages with this id; null: all that are there now.</param>
    /// <param name="cancellation">Ends it between messages.</param>
    /// <returns>Null when there is no such queue.</returns>
    /// <exception cref="BrokerUnavailableException">The broker cannot be reached, or refuses.</exception>
    public Task<MovedMessages?> DropAsync(string queue, string? id, CancellationToken cancellation) => UseAsync(null, async connection =>
        await CountAsync(connection, queue, cancellation) is { } messages
            ? await TakeAsync(connection, queue, id, messages, (_, _) => Task.FromResult<string?>(null), cancellation)
            : null, cancellation);

    private Task<T> UseAsync<T>(T whenInMemory, Func<IConnection, Task<T>> work, CancellationToken cancellation) =>
        options.Broker is { } broker ? BrokerClient.UseAsync(broker, work, cancellation) : Task.FromResult(whenInMemory);

    /// <returns>Null when there is no such queue. Asking for one closes the channel.</returns>
    private static async Task<long?> CountAsync(IConnection connection, string queue, CancellationToken cancellation)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue, cancellation)).MessageCount;
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason is { ReplyCode: Constants.NotFound })
        {
            return null;
        }
    }

    private static async Task<IReadOnlyList<FailedMessage>> PeekAsync(IConnection connection, string queue, int limit, CancellationToken cancellation)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        var messages = await GetAsync(channel, queue, limit, cancellation);
        if (messages is [.., var last])
        {
            await channel.BasicNackAsync(last.DeliveryTag, multiple: true, requeue: true, cancellation);
        }

        return [.. messages.Select(message => FailedMessage.Of(message.BasicProperties, message.Body))];
    }

    private static async Task<List<BasicGetResult>> GetAsync(IChannel channel, string queue, long limit, CancellationToken cancellation)
    {
        var messages = new List<BasicGetResult>();
        while (messages.Count < limit && await channel.BasicGetAsync(queue, autoAck: false, cancellation) is { } message)
        {
            messages.Add(message);
        }

        return messages;
    }

    /// <summary>What is not wanted, or cannot be moved, is held until the end and put back where it was. A channel that breaks puts back all that was not dropped.</summary>
    private static async Task<MovedMessages?> TakeAsync(
        IConnection connection, string queue, string? id, long count, Func<IChannel, BasicGetResult, Task<string?>> moveAsync, CancellationToken cancellation)
    {
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellation);
        var (moved, problem) = (0, default(string));
        while (count > 0 && problem is null && await GetAsync(channel, queue, Math.Min(InFlight, count), cancellation) is { Count: > 0 } messages)
        {
            count -= messages.Count;
            var wanted = messages.Where(message => id is null || FailedMessage.IdOf(message.BasicProperties, message.Body) == id).ToList();
            var problems = await Task.WhenAll(wanted.Select(message => moveAsync(channel, message)));
            foreach (var message in wanted.Where((_, i) => problems[i] is null))
            {
                await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellation);
                moved++;
            }

            problem = problems.FirstOrDefault(text => text is not null);
        }

        await channel.BasicNackAsync(0, multiple: true, requeue: true, cancellation);
        return new MovedMessages(moved, problem);
    }

    /// <returns>Why it is not kept there; null when it is.</returns>
    private async Task<string?> PublishAsync(IChannel channel, string origin, BasicGetResult message, CancellationToken cancellation)
    {
        var properties = new BasicProperties(message.BasicProperties)
        {
            // The broker takes no other user's name from us.
            UserId = BrokerClient.UserOf(options.Broker!),
            Headers = message.BasicProperties.Headers?
                .Where(header => header.Key != FailedMessage.ReasonHeader && !header.Key.StartsWith(FailedMessage.FaultHeaders, StringComparison.Ordinal))
                .ToDictionary(),
        };
        try
        {
            await channel.BasicPublishAsync(origin, "", mandatory: true, properties, message.Body, cancellation);
            return null;
        }
        catch (PublishException exception)
        {
            return $"the queue {origin} does not take them: {(exception.IsReturn ? "no queue is bound to its exchange" : "the broker does not confirm")}";
        }
    }
}
