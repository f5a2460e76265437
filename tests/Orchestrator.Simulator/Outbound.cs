using System.Text.Json;
using RabbitMQ.Client;

namespace Orchestrator.Simulator;

/// <summary>Publishes reports as agents do. One message after another.</summary>
internal sealed class Outbound(IChannel channel, string user) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    public async Task PublishAsync<T>(string exchange, T message, CancellationToken cancellation, string? expiresAfter = null)
    {
        var properties = new BasicProperties
        {
            ContentType = "application/json",
            Persistent = expiresAfter is null,
            Expiration = expiresAfter,
            UserId = user,
            MessageId = Guid.NewGuid().ToString(),
            Headers = new Dictionary<string, object?> { ["MT-MessageType"] = $"urn:message:Orchestrator.Contracts:{typeof(T).Name}" },
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web);
        await _turn.WaitAsync(cancellation);
        try
        {
            await channel.BasicPublishAsync(exchange, "", mandatory: false, properties, body, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
