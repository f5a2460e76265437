using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Orchestrator.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Orchestrator.Messaging;

/// <summary>Asks the API, with a join token, for the user of a node.</summary>
public static class JoinRequester
{
    /// <returns>The API's answer, and the certificate (PEM) of the authority that the broker was accepted by; null without TLS.</returns>
    /// <exception cref="IOException">The broker cannot be reached, refuses the token's user, or is not the one that the token names.</exception>
    /// <exception cref="OperationCanceledException">No answer came.</exception>
    public static async Task<(AdmitNode Answer, string? CaPem)> AskAsync(JoinToken token, string nodeId, CancellationToken cancellation)
    {
        string? ca = null;
        var factory = new ConnectionFactory
        {
            Uri = token.Broker,
            UserName = token.User,
            Password = token.Password,
            AutomaticRecoveryEnabled = false,
        };
        if (token.CaSha256 is { } pin)
        {
            factory.Ssl = new SslOption(token.Broker.Host, enabled: true)
            {
                CertificateValidationCallback = BrokerCertificate.SignedByPinned(pin, found => ca = found.ExportCertificatePem()),
            };
        }

        try
        {
            await using var connection = await factory.CreateConnectionAsync(cancellation);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
            var answered = new TaskCompletionSource<AdmitNode>(TaskCreationOptions.RunContinuationsAsynchronously);
            channel.ChannelShutdownAsync += (_, closed) =>
            {
                answered.TrySetException(new IOException($"the broker ended the conversation: {closed.ReplyText}"));
                return Task.CompletedTask;
            };
            await ListenAsync(channel, token.ReplyQueue, answered, cancellation);
            await AskAsync(channel, token.User, nodeId, cancellation);
            return (await answered.Task.WaitAsync(cancellation), ca);
        }
        catch (Exception exception) when (exception is BrokerUnreachableException or OperationInterruptedException or AlreadyClosedException)
        {
            throw new IOException($"{token.Broker}: {exception.GetBaseException().Message}", exception);
        }
    }

    private static async Task ListenAsync(IChannel channel, string queue, TaskCompletionSource<AdmitNode> answered, CancellationToken cancellation)
    {
        await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: false, autoDelete: true, cancellationToken: cancellation);
        await channel.QueueDeclareAsync(queue, durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellation);
        await channel.QueueBindAsync(queue, queue, "", cancellationToken: cancellation);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            if (JsonSerializer.Deserialize<AdmitNode>(delivery.Body.Span, JsonSerializerOptions.Web) is { } answer)
            {
                answered.TrySetResult(answer);
            }

            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, cancellation);
    }

    private static async Task AskAsync(IChannel channel, string user, string nodeId, CancellationToken cancellation)
    {
        var properties = new BasicProperties
        {
            ContentType = "application/json",
            UserId = user,
            MessageId = Guid.NewGuid().ToString(),
            Headers = new Dictionary<string, object?> { ["MT-MessageType"] = MassTransit.MessageUrn.ForTypeString<JoinNode>() },
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(new JoinNode { NodeId = nodeId }, JsonSerializerOptions.Web);
        await channel.BasicPublishAsync(EntityNames.Of(typeof(JoinNode)), "", mandatory: false, properties, body, cancellation);
    }
}
