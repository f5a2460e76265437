using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orchestrator.State;

namespace Orchestrator.Api.Events;

internal static class EventEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    public static void MapEvents(this IEndpointRouteBuilder api) =>
        api.MapGet("/events", async (
            string? app, string? service, string? type, string? commandId, DateTimeOffset? since, long? after, int? limit,
            HttpContext http, EventStream stream, IHistoryStore history, CancellationToken cancellation) =>
        {
            var filter = new HistoryFilter { App = app, Service = service, Type = type, CommandId = commandId, Since = since?.ToUniversalTime() };
            if (http.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
            {
                await stream.WriteAsync(http, LastEventId(http) ?? after, filter, cancellation);
                return Results.Empty;
            }

            var most = Math.Clamp(limit ?? DefaultLimit, 1, MaxLimit);
            var events = after is { } from
                ? await history.ReadAsync(from, filter, most, cancellation)
                : await history.ReadNewestAsync(filter, most, cancellation);
            return Results.Ok(events.Select(Resource));
        });

    private static long? LastEventId(HttpContext http) =>
        long.TryParse(http.Request.Headers["Last-Event-ID"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static object Resource(HistoryEvent item) => new
    {
        item.Sequence,
        item.Type,
        item.EventId,
        item.OccurredAt,
        item.App,
        item.Service,
        item.TaskId,
        item.NodeId,
        item.CommandId,
        Body = JsonSerializer.Deserialize<JsonElement>(item.Body),
    };
}
