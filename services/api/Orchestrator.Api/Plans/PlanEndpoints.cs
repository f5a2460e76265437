using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orchestrator.Api.Deploy;

namespace Orchestrator.Api.Plans;

internal static class PlanEndpoints
{
    public static void MapPlans(this IEndpointRouteBuilder api) =>
        api.MapPost("/plan", async (DeployRequest request, PlanDesk desk, CancellationToken cancellation) =>
        {
            var result = ComposeDeploys.Read(request.Compose, request.FileName, request.App, request.Files, request.Variables);
            if (result.Errors.Count > 0)
            {
                return Problems.Invalid([.. result.Errors.Select(DeployEndpoints.Error)], $"{result.Errors.Count} error{(result.Errors.Count == 1 ? "" : "s")}; nothing was planned");
            }

            return await desk.AskAsync(result.App!, result.Spec!, cancellation) is { } plan
                ? Results.Ok(new { plan.App, plan.Index, Warnings = result.Warnings.Select(warning => warning.ToString()), plan.Errors, plan.Services })
                : Results.Problem("no scheduler answers; look at orch status, then ask again", statusCode: StatusCodes.Status504GatewayTimeout, title: "No answer");
        });
}
