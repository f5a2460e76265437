using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orchestrator.Messaging;

namespace Orchestrator.Api.Dlq;

/// <summary>Messages that no consumer could take: looked at, moved back, dropped.</summary>
internal static class DlqEndpoints
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 1000;

    public static void MapDlq(this IEndpointRouteBuilder api)
    {
        api.MapGet("/dlq", (ErrorQueues queues, CancellationToken cancellation) => queues.ListAsync(ErrorQueueNames.All, withOldest: true, cancellation));
        api.MapGet("/dlq/{queue}", async (string queue, int? limit, ErrorQueues queues, BusOptions bus, CancellationToken cancellation) =>
            ErrorQueueNames.OriginOf(queue) is not null && await queues.PeekAsync(queue, Math.Clamp(limit ?? DefaultLimit, 1, MaxLimit), cancellation) is { } messages
                ? Results.Ok(messages.Select(Resource))
                : Missing(queue, bus));
        api.MapPost("/dlq/{queue}/retry", (string queue, DlqRequest request, ErrorQueues queues, ErrorQueueSweep sweep, BusOptions bus, CancellationToken cancellation) =>
            MoveAsync(queue, request, queues.RetryAsync, sweep, bus, cancellation));
        api.MapPost("/dlq/{queue}/drop", (string queue, DlqRequest request, ErrorQueues queues, ErrorQueueSweep sweep, BusOptions bus, CancellationToken cancellation) =>
            MoveAsync(queue, request, queues.DropAsync, sweep, bus, cancellation));
    }

    private static async Task<IResult> MoveAsync(
        string queue, DlqRequest request, Func<string, string?, CancellationToken, Task<MovedMessages?>> moveAsync, ErrorQueueSweep sweep, BusOptions bus, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(request.Id) != request.All)
        {
            return Results.Problem("name one message by its id, or all of them: {\"id\":\"…\"} or {\"all\":true}", statusCode: StatusCodes.Status400BadRequest, title: "Bad request");
        }

        if (ErrorQueueNames.OriginOf(queue) is not { } origin || await moveAsync(queue, request.All ? null : request.Id, cancellation) is not { } moved)
        {
            return Missing(queue, bus);
        }

        if (moved.Problem is { } problem)
        {
            return Results.Problem($"{moved.Messages} of the messages were moved; {problem}", statusCode: StatusCodes.Status409Conflict, title: "Not moved");
        }

        if (moved.Messages == 0 && !request.All)
        {
            return Problems.NotFound($"{queue} holds no message {request.Id}; see GET /api/v1/dlq/{queue}");
        }

        await sweep.CountAsync(cancellation);
        return Results.Ok(new { Queue = queue, Origin = origin, moved.Messages });
    }

    private static IResult Missing(string queue, BusOptions bus) => Problems.NotFound(bus.Broker is null
        ? $"there is no error queue '{queue}'; the in-memory bus keeps none"
        : $"there is no error queue '{queue}'; see GET /api/v1/dlq");

    private static object Resource(FailedMessage message) => new
    {
        message.Id, message.Type, message.FailedAt, message.Reason, message.Exception, message.Message, message.Host, message.Process,
        Body = Json(message.Body),
    };

    private static object Json(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body);
        }
        catch (JsonException)
        {
            return body;
        }
    }
}
