using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orchestrator.State;

namespace Orchestrator.Api.Commands;

internal static class CommandEndpoints
{
    private const double MaxWaitSeconds = 30;

    public static void MapCommands(this IEndpointRouteBuilder api) =>
        api.MapGet("/commands/{id}", async (string id, double? wait, CommandAnswers answers, CancellationToken cancellation) =>
            await answers.WaitAsync(id, TimeSpan.FromSeconds(Math.Clamp(wait ?? 0, 0, MaxWaitSeconds)), cancellation) is { } command
                ? Results.Ok(Resource(command))
                : Problems.NotFound($"there is no command {id}"));

    /// <summary>202 with where to read the outcome.</summary>
    public static IResult Taken(CommandDocument command) => Results.Accepted(
        $"/api/v1/commands/{command.Id}",
        new { CommandId = command.Id, command.App, command.Warnings, Location = $"/api/v1/commands/{command.Id}" });

    private static object Resource(CommandDocument command) => new
    {
        CommandId = command.Id,
        command.Command,
        command.App,
        State = command.Answer?.Outcome.ToString() ?? "Pending",
        Errors = command.Answer?.Errors ?? [],
        command.Warnings,
        Revisions = command.Answer?.Revisions,
        Changed = command.Answer?.Changed,
        command.CreatedAt,
        AnsweredAt = command.Answer?.AnsweredAt,
    };
}
