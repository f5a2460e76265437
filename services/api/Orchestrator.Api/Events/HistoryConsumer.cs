using System.Text.Json;
using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Events;

/// <summary>The one writer of the history: takes every event and stores its body as it came.</summary>
internal sealed class HistoryConsumer(IHistoryStore history) : IConsumer<Batch<IOrchestratorEvent>>
{
    public async Task Consume(ConsumeContext<Batch<IOrchestratorEvent>> context)
    {
        var events = context.Message.Select(EventOf).ToList();
        var last = await history.AppendAsync(events, context.CancellationToken);
        await context.Publish(new HistoryAppended { LastSequence = last }, context.CancellationToken);
    }

    private static HistoryEvent EventOf(ConsumeContext<IOrchestratorEvent> context)
    {
        var body = context.ReceiveContext.Body.GetString();
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        return new HistoryEvent
        {
            EventId = root.GetProperty("eventId").GetString()!,
            Type = root.GetProperty("type").GetString()!,
            OccurredAt = root.GetProperty("occurredAt").GetDateTimeOffset().ToUniversalTime(),
            App = Text(root, "app"),
            Service = Text(root, "service"),
            TaskId = Text(root, "taskId"),
            NodeId = Text(root, "nodeId"),
            CommandId = Text(root, "commandId"),
            Body = body,
        };
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
