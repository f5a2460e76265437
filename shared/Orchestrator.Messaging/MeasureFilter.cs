using System.Globalization;
using MassTransit;

namespace Orchestrator.Messaging;

/// <summary>Measures how long a message waited and how long its consumption took. It runs once an attempt: retries go around all filters.</summary>
internal sealed class MeasureFilter(TimeProvider time) : IFilter<ConsumeContext>
{
    private const string SentAt = "orchestrator-sent-at";
    private static readonly long LastMoment = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Raw JSON carries no time of its sending: it goes in a header, in milliseconds since 1970.</summary>
    public static void Stamp(SendContext context, TimeProvider time) => context.Headers.Set(SentAt, time.GetUtcNow().ToUnixTimeMilliseconds());

    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        var message = BusMetrics.Message(context.SupportedMessageTypes.FirstOrDefault(), context.ReceiveContext.InputAddress);
        if (context.GetRetryAttempt() == 0 && context.ReceiveContext.TransportHeaders.TryGetHeader(SentAt, out var header) && Milliseconds(header) is { } sentAt)
        {
            BusMetrics.Waited(message, time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(sentAt));
        }

        var start = time.GetTimestamp();
        var outcome = "failed";
        try
        {
            await next.Send(context);
            outcome = "ok";
        }
        finally
        {
            BusMetrics.Consumed(message, outcome, time.GetElapsedTime(start));
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("measure");

    /// <summary>Whoever sends may write anything there.</summary>
    private static long? Milliseconds(object header)
    {
        var value = header as long?
            ?? (header is string text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null);
        return value >= 0 && value <= LastMoment ? value : null;
    }
}
