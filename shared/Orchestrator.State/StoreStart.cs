using Microsoft.Extensions.Hosting;

namespace Orchestrator.State;

/// <summary>Holds a process back until its database is ready: what is registered after it starts after it.</summary>
internal sealed class StoreStart(IStorePreparation preparation, TimeProvider time) : IHostedService
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var retry = FirstRetry; ; retry = retry * 2 < LastRetry ? retry * 2 : LastRetry)
        {
            try
            {
                await preparation.PrepareAsync(cancellationToken);
                return;
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(retry, time, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
