using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Orchestrator.Api.Deploy;
using Orchestrator.Contracts;

namespace Orchestrator.Api.Join;

internal static class JoinEndpoints
{
    private const double MinSeconds = 10;
    private const double MaxSeconds = 30 * 24 * 3600;

    public static void MapJoin(this IEndpointRouteBuilder api) =>
        api.MapPost("/nodes/join-tokens", async (
            JoinTokenRequest request, HttpContext http, JoinTokens tokens, BrokerManagement management, IOptions<JoinOptions> options, CancellationToken cancellation) =>
        {
            if (!management.IsThere)
            {
                return Results.Problem(BrokerManagement.Missing, statusCode: StatusCodes.Status409Conflict, title: "Not set up");
            }

            if (request.LifetimeSeconds is < MinSeconds or > MaxSeconds)
            {
                return Results.Problem("lifetimeSeconds: write 10 to 2592000 (30 days)", statusCode: StatusCodes.Status400BadRequest, title: "Bad request");
            }

            try
            {
                var lifetime = request.LifetimeSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.Value.TokenLifetime;
                var token = await tokens.MakeAsync(request.Role ?? NodeRole.Worker, lifetime, DeployEndpoints.Who(http), cancellation);
                return Results.Ok(new { Token = token.ToString(), token.Broker, token.ExpiresAt });
            }
            catch (HttpRequestException exception)
            {
                return Results.Problem(exception.Message, statusCode: StatusCodes.Status502BadGateway, title: "Broker");
            }
        });
}
