using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.State;

namespace Orchestrator.Api.Commands;

/// <summary>Stores a command, then publishes it. Once stored it is published again until the scheduler answers.</summary>
internal sealed class CommandDesk(ICommandStore commands, IBus bus, IOptions<ApiOptions> options, TimeProvider time, ILogger<CommandDesk> logger)
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
                CreatedAt = now,
                PublishDueAt = now + options.Value.PublishAgainAfter,
            },
            cancellation);
        Log.CommandTaken(logger, stored.Id, stored.Command, stored.App);
        if (stored.Answer is null)
        {
            await PublishAsync(stored, cancellation);
        }

        return stored;
    }

    /// <summary>The broker may be away: what is stored is answered 202, and published later.</summary>
    private async Task PublishAsync(CommandDocument command, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(options.Value.PublishAgainAfter, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var message = CommandMessages.Message(command);
            await bus.Publish(message, message.GetType(), either.Token);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && exception is not InvalidOperationException)
        {
            Log.BackgroundWorkFailed(logger, $"publishing command {command.Id}", exception);
        }
    }
}
