using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>One pass per service at a time in this process; what comes meanwhile makes it run once more.</summary>
internal sealed class ReconcileQueue(ServicePass pass, AskedServices asked, TimeProvider time, ILogger<ReconcileQueue> logger) : IDisposable
{
    private const int MaxRounds = 20;

    /// <summary>The others wait, and what comes for them meanwhile is one pass.</summary>
    private const int ServicesAtOnce = 8;

    private readonly SemaphoreSlim _slots = new(ServicesAtOnce);
    private readonly ConcurrentDictionary<string, Round> _running = new();

    /// <returns>False when it is not settled after as many passes as one may have in a row: it is to be asked for again.</returns>
    public async Task<bool> RunAsync(string serviceId, CancellationToken cancellation)
    {
        var mine = new Round();
        var running = _running.GetOrAdd(serviceId, mine);
        if (running != mine && running.TryAskAgain())
        {
            return true;
        }

        if (running != mine)
        {
            // That round has just ended: there is room for another.
            return await RunAsync(serviceId, cancellation);
        }

        try
        {
            await _slots.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            End(serviceId, mine);
            throw;
        }

        try
        {
            for (var round = 0; round < MaxRounds; round++)
            {
                mine.Begin();
                if (await PassAsync(serviceId, cancellation) && mine.TryEnd())
                {
                    return true;
                }
            }

            return false;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or StoreUnavailableException))
        {
            Log.ReconcileFailed(logger, serviceId, exception);
            throw;
        }
        finally
        {
            _slots.Release();
            End(serviceId, mine);
        }
    }

    public void Dispose() => _slots.Dispose();

    private void End(string serviceId, Round round)
    {
        round.Close();
        _running.TryRemove(KeyValuePair.Create(serviceId, round));
    }

    private async Task<bool> PassAsync(string serviceId, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var outcome = "failed";
        try
        {
            var settled = await pass.RunAsync(serviceId, cancellation);
            outcome = settled ? "settled" : "again";
            return settled;
        }
        finally
        {
            asked.LookedAt(serviceId);
            SchedulerMetrics.PassDone(outcome, time.GetElapsedTime(start));
        }
    }

    private sealed class Round
    {
        private readonly Lock _gate = new();
        private bool _again;
        private bool _closed;

        public bool TryAskAgain()
        {
            lock (_gate)
            {
                _again = true;
                return !_closed;
            }
        }

        public void Begin()
        {
            lock (_gate)
            {
                _again = false;
            }
        }

        public bool TryEnd()
        {
            lock (_gate)
            {
                _closed = !_again;
                return _closed;
            }
        }

        public void Close()
        {
            lock (_gate)
            {
                _closed = true;
            }
        }
    }
}
