using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.State;

namespace Orchestrator.Api.Commands;

/// <summary>Stores a command, then offers it to the bus. Once stored it is published until the scheduler answers.</summary>
internal sealed class CommandDesk(ICommandStore commands, CommandPublisher publisher, IOptions<ApiOptions> options, TimeProvider time, ILogger<CommandDesk> logger)
{
    /// <returns>What is stored: the earlier command when the id was used before.</returns>
    public async Task<CommandDocument> TakeAsync(
        string id, string command, string app, string body, IReadOnlyList<string> warnings, string? requestedBy, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var stored = await commands.AddAsync(
            new CommandDocument
            {
                Id = id,
                Command = command,
                App = app,
                Body = body,
                Warnings = warnings,
                RequestedBy = requestedBy,
                TraceParent = Activity.Current is { IdFormat: ActivityIdFormat.W3C, Recorded: true } trace ? trace.Id : null,
                CreatedAt = now,
                PublishDueAt = publisher.HoldsBack(app) ? now : now + options.Value.PublishAgainAfter,
            },
            cancellation);
        if (stored.CreatedAt == now)
        {
            ApiMetrics.CommandTaken(stored.Command);
        }

        Log.CommandTaken(logger, stored.Id, stored.Command, stored.App);
        if (stored.Answer is null)
        {
            await publisher.OfferAsync(stored, cancellation);
        }

        return stored;
    }
}
