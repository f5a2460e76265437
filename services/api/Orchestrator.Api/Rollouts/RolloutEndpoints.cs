using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Orchestrator.Api.Commands;
using Orchestrator.Api.Deploy;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Rollouts;

internal static class RolloutEndpoints
{
    public static void MapRollouts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/rollouts", async (string? app, string? service, bool? all, IServiceStore services, IRolloutStore rollouts, CancellationToken cancellation) =>
        {
            var there = (await services.ListAsync(app, cancellation)).Where(item => service is null || item.Name == service).Select(item => item.Id).ToHashSet();
            var list = all == true ? await rollouts.ListAsync(null, cancellation) : await rollouts.ListNewestAsync(cancellation);
            return list.Where(rollout => there.Contains(rollout.ServiceId)).OrderByDescending(rollout => rollout.StartedAt).ThenBy(rollout => rollout.Id).Select(RolloutRow.Of);
        });
        api.MapGet("/rollouts/{app}/{service}", async (
            string app, string service, int? revision, IServiceStore services, IRolloutStore rollouts, CancellationToken cancellation) =>
            await FindAsync(app, service, revision, services, rollouts, cancellation) is { } found
                ? Results.Ok(new { Rollout = RolloutRow.Of(found), found.Policy, found.Counts, found.Stage, found.MonitorUntil })
                : Missing(app, service));
        api.MapPost("/rollouts/{app}/{service}/{action}", async (
            string app, string service, string action, [FromHeader(Name = "Idempotency-Key")] string? key,
            HttpContext http, IServiceStore services, IRolloutStore rollouts, CommandDesk desk, CancellationToken cancellation) =>
        {
            if (!Enum.TryParse<RolloutAction>(action, ignoreCase: true, out var wanted) || !Enum.IsDefined(wanted))
            {
                return Problems.Invalid([new { Message = $"action: '{action}' cannot be" }], $"'{action}' cannot be done to a rollout; write pause, resume, promote, abort or retry");
            }

            if (await FindAsync(app, service, null, services, rollouts, cancellation) is null)
            {
                return Missing(app, service);
            }

            var message = new SteerRollout { CommandId = DeployEndpoints.IdOf(key), App = app, Service = service, Action = wanted, RequestedBy = DeployEndpoints.Who(http) };
            return CommandEndpoints.Taken(await desk.TakeAsync(
                message.CommandId, CommandMessages.SteerRollout, app, CommandMessages.Body(message), [], message.RequestedBy, cancellation));
        });
    }

    private static async Task<RolloutDocument?> FindAsync(
        string app, string name, int? revision, IServiceStore services, IRolloutStore rollouts, CancellationToken cancellation) =>
        (await services.ListAsync(app, cancellation)).LastOrDefault(service => service.Name == name) is { } found
            ? (await rollouts.ListAsync(found.Id, cancellation)).FirstOrDefault(rollout => revision is null || rollout.ToRevision == revision)
            : null;

    private static IResult Missing(string app, string service) => Problems.NotFound($"there is no rollout of '{app}/{service}'; see orch rollout ls, or GET /api/v1/rollouts");
}
