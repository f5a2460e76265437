using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Orchestrator.Api.Commands;
using Orchestrator.Contracts;

namespace Orchestrator.Api.Deploy;

internal static class DeployEndpoints
{
    public static void MapDeploy(this IEndpointRouteBuilder api)
    {
        api.MapPost("/deploy", async (
            DeployRequest request, [FromHeader(Name = "Idempotency-Key")] string? key, HttpContext http, ComposeDeploys deploys, CancellationToken cancellation) =>
        {
            var result = ComposeDeploys.Read(request.Compose, request.FileName, request.App, request.Files, request.Variables);
            return result.Errors.Count > 0
                ? Problems.Invalid([.. result.Errors.Select(Error)], $"{result.Errors.Count} error{(result.Errors.Count == 1 ? "" : "s")}; nothing was deployed")
                : CommandEndpoints.Taken(await deploys.TakeAsync(IdOf(key), result, request.PlanIndex, Who(http), cancellation));
        });
        api.MapPut("/apps/{app}", async (
            string app, ApplicationSpec spec, [FromHeader(Name = "Idempotency-Key")] string? key, HttpContext http, CommandDesk desk, CancellationToken cancellation) =>
        {
            var message = new DeployApp { CommandId = IdOf(key), App = app, Spec = spec, RequestedBy = Who(http) };
            return CommandEndpoints.Taken(await desk.TakeAsync(
                message.CommandId, CommandMessages.DeployApp, app, CommandMessages.Body(message), [], message.RequestedBy, cancellation));
        });
    }

    public static string IdOf(string? key) => string.IsNullOrWhiteSpace(key) ? NewId.NextGuid().ToString("N") : key.Trim();

    public static string Who(HttpContext http) => "http " + http.Connection.RemoteIpAddress;

    public static object Error(Compose.ComposeMessage error) => new
    {
        error.File,
        error.Line,
        error.Column,
        error.Key,
        error.Text,
        Message = error.ToString(),
    };
}
