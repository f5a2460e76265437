using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Messaging;

/// <summary>Logs who sends what it may not: each user once in a while, however much it sends.</summary>
internal sealed partial class RefusedSenders(TimeProvider time, ILogger<RefusedSenders> logger)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _loggedAt = new();

    /// <returns>What to throw: the message goes to the error queue with it.</returns>
    public MessageException Refuse(string? sender, string what)
    {
        var user = sender ?? "(none)";
        var now = time.GetUtcNow();
        if (!_loggedAt.TryGetValue(user, out var last) || now - last >= Quiet)
        {
            _loggedAt[user] = now;
            ReportRefused(logger, user, what);
        }

        return new MessageException(typeof(object), $"user '{user}' sent {what}");
    }

    [LoggerMessage(5003, LogLevel.Warning, "Refused: user '{User}' sent {What}; it goes to the error queue, as does what follows of its kind", EventName = "SenderRefused")]
    private static partial void ReportRefused(ILogger logger, string user, string what);
}
