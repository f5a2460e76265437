using Orchestrator.Api.Commands;
using Orchestrator.Compose;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Deploy;

/// <summary>Compose files become deploy commands, the same over HTTP and over the bus.</summary>
internal sealed class ComposeDeploys(CommandDesk desk)
{
    public static ComposeResult Read(string? compose, string? fileName, string? app, IReadOnlyDictionary<string, string>? files, IReadOnlyDictionary<string, string>? variables) =>
        ComposeReader.Read(new ComposeInput
        {
            Text = compose ?? "",
            FileName = string.IsNullOrWhiteSpace(fileName) ? "compose.yaml" : fileName,
            AppName = app,
            Files = files ?? new Dictionary<string, string>(),
            Variables = variables ?? new Dictionary<string, string>(),
        });

    /// <param name="id">The command's id.</param>
    /// <param name="result">A result without errors.</param>
    /// <param name="planIndex">Of the plan it follows; null: none.</param>
    /// <param name="requestedBy">Who asked.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<CommandDocument> TakeAsync(string id, ComposeResult result, long? planIndex, string? requestedBy, CancellationToken cancellation)
    {
        var message = new DeployApp { CommandId = id, App = result.App, Spec = result.Spec, PlanIndex = planIndex, RequestedBy = requestedBy };
        var warnings = result.Warnings.Select(warning => warning.ToString()).ToList();
        return desk.TakeAsync(id, CommandMessages.DeployApp, result.App!, CommandMessages.Body(message), warnings, requestedBy, cancellation);
    }
}
