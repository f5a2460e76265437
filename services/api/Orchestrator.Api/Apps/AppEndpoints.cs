using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Orchestrator.Api.Commands;
using Orchestrator.Api.Deploy;
using Orchestrator.Api.Services;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Apps;

internal static class AppEndpoints
{
    public static void MapApps(this IEndpointRouteBuilder api)
    {
        api.MapGet("/apps", async (IAppStore apps, ServiceReader reader, CancellationToken cancellation) =>
        {
            var services = (await reader.ListAsync(null, cancellation)).ToLookup(service => service.App);
            return (await apps.ListAsync(cancellation))
                .Where(app => app.Wanted.Count > 0 || services.Contains(app.Id))
                .Select(app => Resource(app, [.. services[app.Id]]));
        });
        api.MapGet("/apps/{name}", async (string name, IAppStore apps, ServiceReader reader, CancellationToken cancellation) =>
        {
            var services = await reader.ListAsync(name, cancellation);
            return await apps.FindAsync(name, cancellation) is { } app && (app.Wanted.Count > 0 || services.Count > 0)
                ? Results.Ok(Resource(app, services))
                : Missing(name);
        });
        api.MapDelete("/apps/{name}", async (
            string name, [FromHeader(Name = "Idempotency-Key")] string? key, HttpContext http, IAppStore apps, CommandDesk desk, CancellationToken cancellation) =>
        {
            if (await apps.FindAsync(name, cancellation) is not { Wanted.Count: > 0 })
            {
                return Missing(name);
            }

            var message = new RemoveApp { CommandId = DeployEndpoints.IdOf(key), App = name, RequestedBy = DeployEndpoints.Who(http) };
            return CommandEndpoints.Taken(await desk.TakeAsync(
                message.CommandId, CommandMessages.RemoveApp, name, CommandMessages.Body(message), [], message.RequestedBy, cancellation));
        });
    }

    private static IResult Missing(string name) => Problems.NotFound($"there is no application '{name}'; see orch app ls, or GET /api/v1/apps");

    private static object Resource(AppDocument app, IReadOnlyList<ServiceRow> services) => new
    {
        Name = app.Id,
        Services = services.Count,
        Running = services.Sum(service => service.Running),
        Desired = services.Sum(service => service.Desired),
        app.CreatedAt,
        app.UpdatedAt,
    };
}
