using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RabbitMQ.Client;

namespace Orchestrator.Messaging;

/// <summary>A message that no consumer could take, and why.</summary>
public sealed record FailedMessage
{
    internal const string FaultHeaders = "MT-Fault-";
    internal const string ReasonHeader = "MT-Reason";
    private const int HashLength = 16;

    /// <summary>The message's id; one made from its body when it has none.</summary>
    public required string Id { get; init; }

    /// <summary>The type's name; null when the sender did not say.</summary>
    public required string? Type { get; init; }

    public required DateTimeOffset? FailedAt { get; init; }

    /// <summary><c>fault</c>, or <c>skipped</c> when there was no consumer for it.</summary>
    public required string? Reason { get; init; }

    public required string? Exception { get; init; }
    public required string? Message { get; init; }

    /// <summary>The machine on which it failed.</summary>
    public required string? Host { get; init; }

    public required string? Process { get; init; }
    public required string Body { get; init; }

    internal static FailedMessage Of(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        var headers = properties.Headers ?? new Dictionary<string, object?>();
        return new FailedMessage
        {
            Id = IdOf(properties, body),
            Type = Text(headers, "MT-MessageType")?.Split(';')[0].Split(':')[^1],
            FailedAt = DateTimeOffset.TryParse(Text(headers, FaultHeaders + "Timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                ? at.ToUniversalTime()
                : properties.IsTimestampPresent() ? DateTimeOffset.FromUnixTimeSeconds(properties.Timestamp.UnixTime) : null,
            Reason = Text(headers, ReasonHeader),
            Exception = Text(headers, FaultHeaders + "ExceptionType"),
            Message = Text(headers, FaultHeaders + "Message"),
            Host = Text(headers, "MT-Host-MachineName"),
            Process = Text(headers, "MT-Host-ProcessName"),
            Body = Encoding.UTF8.GetString(body.Span),
        };
    }

    internal static string IdOf(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body) =>
        properties.MessageId is { Length: > 0 } id ? id : "body-" + Convert.ToHexStringLower(SHA256.HashData(body.Span))[..HashLength];

    private static string? Text(IDictionary<string, object?> headers, string name) => headers.TryGetValue(name, out var value)
        ? value switch
        {
            null => null,
            byte[] bytes => Encoding.UTF8.GetString(bytes),
            AmqpTimestamp time => DateTimeOffset.FromUnixTimeSeconds(time.UnixTime).ToString("O", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        }
        : null;
}
