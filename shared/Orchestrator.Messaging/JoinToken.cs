using System.Buffers.Text;
using System.Text.Json;

namespace Orchestrator.Messaging;

/// <summary>What a machine needs to ask for its own user on the broker, in one line that can be printed and pasted.</summary>
public sealed record JoinToken
{
    private const string Prefix = "orch1-";

    /// <summary>Without user and password: <c>amqps://broker.example:5671/orchestrator</c>.</summary>
    public required Uri Broker { get; init; }

    /// <summary>SHA-256 of the only authority whose certificates are accepted, lower-case hex; null: no TLS.</summary>
    public string? CaSha256 { get; init; }

    /// <summary>The token's id, which names its user and queue.</summary>
    public required string Id { get; init; }

    public required string Password { get; init; }
    public required string ClusterId { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    public string User => BrokerUsers.OfJoin(Id);

    /// <summary>Where the answer comes: an exchange and a queue of this name.</summary>
    public string ReplyQueue => BrokerUsers.JoinQueue(Id);

    public override string ToString() => Prefix + Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(
        new Text(Broker, CaSha256, Id, Password, ClusterId, ExpiresAt.ToUnixTimeSeconds()), JsonSerializerOptions.Web));

    /// <exception cref="FormatException">The text is no join token.</exception>
    public static JoinToken Parse(string text)
    {
        try
        {
            if (text.Trim() is var token && token.StartsWith(Prefix, StringComparison.Ordinal)
                && JsonSerializer.Deserialize<Text>(Base64Url.DecodeFromChars(token.AsSpan(Prefix.Length)), JsonSerializerOptions.Web) is { B: not null, I: not null, P: not null, C: not null } read)
            {
                return new JoinToken { Broker = read.B, CaSha256 = read.S, Id = read.I, Password = read.P, ClusterId = read.C, ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(read.E) };
            }
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            // The same refusal as for any other text.
        }

        throw new FormatException("the token is no join token, or not all of it; copy the whole line that 'orch node join-command' prints");
    }

    private sealed record Text(Uri? B, string? S, string? I, string? P, string? C, long E);
}
