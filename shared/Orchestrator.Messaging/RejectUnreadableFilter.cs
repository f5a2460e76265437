using System.Text.Json;
using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Messaging;

/// <summary>Tells an outsider that the body sent could not be read, with the command id as far as it can be found.</summary>
/// <param name="time">When it is told.</param>
/// <param name="budget">How many are told, and those without an id, which might be that of another's command; null: all.</param>
internal sealed class RejectUnreadableFilter(TimeProvider time, PostBudgets? budget = null) : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        if (ReasonOf(context.Exception) is { } reason && budget?.TryUse(context.InputAddress.AbsolutePath) != false)
        {
            var queue = context.InputAddress.AbsolutePath.Split('/')[^1];
            var rejected = new CommandRejected
            {
                EventId = NewId.NextGuid().ToString("N"),
                OccurredAt = time.GetUtcNow(),
                Command = queue[(queue.LastIndexOf('.') + 1)..],
                CommandId = budget is null ? CommandIdOf(context) : null,
                Errors = [reason],
            };
            var endpoint = await context.PublishEndpointProvider.GetPublishSendEndpoint<CommandRejected>();
            await endpoint.Send(rejected, context.CancellationToken);
        }

        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("reject-unreadable");

    private static string? ReasonOf(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is JsonException json)
            {
                return $"the body cannot be read: {json.Message}";
            }
        }

        return null;
    }

    private static string? CommandIdOf(ReceiveContext context)
    {
        try
        {
            using var body = JsonDocument.Parse(context.Body.GetBytes());
            if (body.RootElement.ValueKind == JsonValueKind.Object
                && body.RootElement.TryGetProperty("commandId", out var id)
                && id.ValueKind == JsonValueKind.String)
            {
                return id.GetString();
            }
        }
        catch (JsonException)
        {
            // Not JSON at all: the transport's message id is all there is.
        }

        return context.TransportHeaders.Get<string>("MessageId") ?? context.GetMessageId()?.ToString();
    }
}
