using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Orchestrator.Api.Commands;
using Orchestrator.Api.Deploy;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Services;

internal static class ServiceEndpoints
{
    private const int MaxReplicas = 10_000;

    public static void MapServices(this IEndpointRouteBuilder api)
    {
        api.MapGet("/services", async (string? app, int? limit, string? after, HttpContext http, IServiceStore services, ServiceReader reader, CancellationToken cancellation) =>
        {
            if (!Pages.TryRead<NamedPlace>(after, out var place))
            {
                return Pages.Unknown();
            }

            var found = await services.PageAsync(app, place is null ? null : (place.App, place.Name, place.Id), Pages.Read(limit), cancellation);
            return Results.Ok(await reader.RowsAsync(found.Page(limit, service => new NamedPlace(service.App, service.Name, service.Id), http), cancellation));
        });
        api.MapGet("/services/{app}/{service}", async (string app, string service, ServiceReader reader, CancellationToken cancellation) =>
            await reader.FindAsync(app, service, cancellation) is { } found ? Results.Ok(found) : Missing(app, service));
        api.MapPost("/services/{app}/{service}/scale", async (
            string app, string service, ScaleRequest request, [FromHeader(Name = "Idempotency-Key")] string? key,
            HttpContext http, IAppStore apps, CommandDesk desk, CancellationToken cancellation) =>
        {
            if (request.Replicas is not (>= 0 and <= MaxReplicas))
            {
                return Problems.Invalid([new { Message = $"replicas: write 0 to {MaxReplicas}" }], $"{request.Replicas?.ToString() ?? "no"} replicas cannot be; write 0 to {MaxReplicas}");
            }

            if (await apps.FindAsync(app, cancellation) is not { } found || !found.Wanted.ContainsKey(service))
            {
                return Missing(app, service);
            }

            var message = new ScaleService
            {
                CommandId = DeployEndpoints.IdOf(key), App = app, Service = service, Replicas = request.Replicas, RequestedBy = DeployEndpoints.Who(http),
            };
            return CommandEndpoints.Taken(await desk.TakeAsync(
                message.CommandId, CommandMessages.ScaleService, app, CommandMessages.Body(message), [], message.RequestedBy, cancellation));
        });
    }

    private static IResult Missing(string app, string service) => Problems.NotFound($"there is no service '{app}/{service}'; see orch service ls, or GET /api/v1/services");
}
