using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Api.Commands;

/// <summary>Publishes commands again until they are answered.</summary>
internal sealed class CommandRepublisher(ICommandStore commands, IBus bus, IOptions<ApiOptions> options, TimeProvider time, ILogger<CommandRepublisher> logger)
    : BackgroundService
{
    private const int Limit = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PublishAgainAfter / 5, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RepublishAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.BackgroundWorkFailed(logger, "publishing commands again", exception);
            }
        }
    }

    private async Task RepublishAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var due = await commands.ListDueAsync(now, Limit, cancellation);
        if (due.Count > 0)
        {
            Log.CommandsRepublished(logger, due.Count);
            await commands.PostponeAsync([.. due.Select(command => command.Id)], now + options.Value.PublishAgainAfter, cancellation);
            await bus.PublishManyAsync([.. due.Select(CommandMessages.Message)], cancellation);
        }
    }
}
