using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orchestrator.Api.Join;

/// <summary>Deletes the users of join tokens in time, those of an API that is gone too.</summary>
internal sealed class JoinSweep(JoinTokens tokens, BrokerManagement management, IOptions<JoinOptions> options, TimeProvider time, ILogger<JoinSweep> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!management.IsThere)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await tokens.SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.BackgroundWorkFailed(logger, "deleting the users of join tokens", exception);
            }
        }
    }
}
