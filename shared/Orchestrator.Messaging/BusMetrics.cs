using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Reflection;
using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Messaging;

/// <summary>What the bus costs. Messages are told apart by their names, of which there are a few dozen.</summary>
internal static class BusMetrics
{
    private const string Other = "other";
    private static readonly Meter Meter = new("Orchestrator.Messaging");

    private static readonly Histogram<double> Lag = Meter.CreateHistogram<double>(
        "orchestrator_queue_lag_seconds", "s", "From the sending of a message to the first attempt to consume it, by message.");

    private static readonly Histogram<double> Consumption = Meter.CreateHistogram<double>(
        "orchestrator_consume_duration_seconds", "s", "One attempt to consume a message, by message and outcome (ok, failed).");

    private static readonly FrozenDictionary<string, string> NameOf = typeof(IOrchestratorEvent).Assembly.GetExportedTypes()
        .Select(type => (Type: type, type.GetCustomAttribute<MessageNameAttribute>(inherit: false)?.Name))
        .Where(message => message.Name is not null)
        .ToFrozenDictionary(message => MessageUrn.ForTypeString(message.Type), message => LastPart(message.Name!));

    /// <summary>The message's name without what goes before it: <c>deploy-app</c>.</summary>
    /// <param name="urn">What the message says it is; null where outsiders need not say it.</param>
    /// <param name="queue">Its queue, which outsiders' messages have for themselves.</param>
    public static string Message(string? urn, Uri queue) =>
        urn is null ? LastPart(queue.AbsolutePath) : NameOf.GetValueOrDefault(urn, Other);

    public static void Waited(string message, TimeSpan lag) =>
        Lag.Record(Math.Max(0, lag.TotalSeconds), new KeyValuePair<string, object?>("message", message));

    public static void Consumed(string message, string outcome, TimeSpan duration) => Consumption.Record(
        duration.TotalSeconds, new KeyValuePair<string, object?>("message", message), new KeyValuePair<string, object?>("outcome", outcome));

    private static string LastPart(string name) => name[(name.LastIndexOf('.') + 1)..];
}
