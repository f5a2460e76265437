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
            await answers.WaitAsync(id, TimeSpan.FromSeconds(Math.Clamp(wait ?? 0, 0, MaxWaitSeconds)), cancellation) is { } status
                ? Results.Ok(Resource(status))
                : Problems.NotFound($"there is no command {id}"));

    /// <summary>202 with where to read the outcome.</summary>
    public static IResult Taken(CommandDocument command) => Results.Accepted(
        $"/api/v1/commands/{command.Id}",
        new { CommandId = command.Id, command.App, command.Warnings, Location = $"/api/v1/commands/{command.Id}" });

    private static object Resource(CommandStatus status) => new
    {
        CommandId = status.Id,
        Command = status.Command?.Command ?? status.Answer?.Command,
        App = status.Command?.App ?? status.Answer?.App,
        State = status.Answer?.Outcome.ToString() ?? "Pending",
        Errors = status.Answer?.Errors ?? [],
        Warnings = status.Command?.Warnings ?? [],
        Revisions = status.Answer?.Revisions,
        Changed = status.Answer?.Changed,
        status.Command?.CreatedAt,
        AnsweredAt = status.Answer?.AnsweredAt,
    };
}
