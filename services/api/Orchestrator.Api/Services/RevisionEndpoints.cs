using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Orchestrator.Api.Commands;
using Orchestrator.Api.Deploy;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Services;

internal static class RevisionEndpoints
{
    public static void MapRevisions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/services/{app}/{service}/history", async (string app, string service, RevisionReader reader, CancellationToken cancellation) =>
            await reader.HistoryAsync(app, service, cancellation) is { } history
                ? Results.Ok(history)
                : Problems.NotFound($"there is no service '{app}/{service}'; see orch service ls, or GET /api/v1/services"));
        api.MapGet("/services/{app}/{service}/diff", async (string app, string service, int from, int to, RevisionReader reader, CancellationToken cancellation) =>
        {
            var (changes, missing) = await reader.DiffAsync(app, service, from, to, cancellation);
            return missing is null ? Results.Ok(changes) : Problems.NotFound(missing);
        });
        api.MapPost("/services/{app}/{service}/rollback", async (
            string app, string service, RollbackRequest request, [FromHeader(Name = "Idempotency-Key")] string? key,
            HttpContext http, IAppStore apps, CommandDesk desk, CancellationToken cancellation) =>
        {
            if (await apps.FindAsync(app, cancellation) is not { } found || !found.Wanted.ContainsKey(service))
            {
                return Problems.NotFound($"there is no service '{app}/{service}'; see orch service ls, or GET /api/v1/services");
            }

            var message = new RollbackService
            {
                CommandId = DeployEndpoints.IdOf(key), App = app, Service = service, ToRevision = request.To, RequestedBy = DeployEndpoints.Who(http),
            };
            return CommandEndpoints.Taken(await desk.TakeAsync(
                message.CommandId, CommandMessages.RollbackService, app, CommandMessages.Body(message), [], message.RequestedBy, cancellation));
        });
    }
}
