using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Commands;
using Orchestrator.Scheduler.Network;
using Orchestrator.Scheduler.Nodes;
using Orchestrator.Scheduler.Placement;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.Scheduler.Rollouts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Sweep;

/// <summary>Repairs what was missed: a full pass at start, then what is stored as dirty, due or not applied. Messages only make it sooner.</summary>
internal sealed class Sweeper(
    IWaitingStore anything, IAppStore apps, IServiceStore services, ITaskStore tasks, AppFollower follower, Instructor instructor, NodeView view, ReservationSweep reservations,
    RolloutSweep rollouts, LivenessFollower liveness, NodeRemovals removals, NodeChanges changes, QuarantineDesk quarantine, NetworkTeller network, Rebalancer rebalancer, AskedServices asked, IBus bus, IOptions<SchedulerOptions> options,
    TimeProvider time, ILogger<Sweeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        var started = false;
        var (livenessDue, reservationsDue, rebalanceDue) = (DateTimeOffset.MinValue, DateTimeOffset.MinValue, DateTimeOffset.MinValue);
        do
        {
            try
            {
                if (!started)
                {
                    await view.LoadAsync(stoppingToken);
                    await ChangedAsync((await services.ListAsync(null, stoppingToken)).Select(service => service.Id), stoppingToken);
                    started = true;
                }

                await SweepAsync(stoppingToken);
                if (time.GetUtcNow() >= livenessDue)
                {
                    livenessDue = time.GetUtcNow() + options.Value.LivenessSweepInterval;
                    await liveness.SweepAsync(stoppingToken);
                    await removals.SweepAsync(stoppingToken);
                    await changes.SweepAsync(stoppingToken);
                    await quarantine.SweepAsync(stoppingToken);
                    await network.SweepAsync(stoppingToken);
                }

                if (time.GetUtcNow() >= reservationsDue)
                {
                    reservationsDue = time.GetUtcNow() + options.Value.ReservationSweepInterval;
                    await reservations.RunAsync(stoppingToken);
                }

                if (time.GetUtcNow() >= rebalanceDue)
                {
                    rebalanceDue = time.GetUtcNow() + options.Value.RebalanceInterval;
                    await rebalancer.RunAsync(stoppingToken);
                }
            }
            catch (StoreUnavailableException)
            {
                // The store says once what is wrong with it.
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.SweepFailed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var now = time.GetUtcNow();
        var limit = options.Value.SweepLimit;
        var until = now - options.Value.SweepAge;
        var kinds = await anything.FindAsync(until, now, cancellation);
        var found = kinds == WaitingKinds.None ? 0 : await TakeUpAsync(kinds, until, now, limit, cancellation);
        SchedulerMetrics.SweepDone(found, time.GetElapsedTime(start));
    }

    /// <returns>How many services are due to be looked at.</returns>
    private async Task<int> TakeUpAsync(WaitingKinds kinds, DateTimeOffset until, DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        if (kinds.HasFlag(WaitingKinds.Apps))
        {
            foreach (var app in await apps.ListDirtyAsync(until, limit, cancellation))
            {
                await follower.FollowAsync(app.Id, cancellation);
            }
        }

        var waiting = kinds.HasFlag(WaitingKinds.Services) ? await services.ListWaitingAsync(until, now, limit, cancellation) : [];
        var dirty = kinds.HasFlag(WaitingKinds.Tasks) ? await tasks.ListDirtyServicesAsync(until, limit, cancellation) : [];
        var found = waiting.Select(service => service.Id).Concat(dirty).ToHashSet();
        await ChangedAsync(found.Where(asked.TryAsk), cancellation);
        if (kinds.HasFlag(WaitingKinds.Rollouts))
        {
            await rollouts.RunAsync(now, limit, cancellation);
        }

        if (kinds.HasFlag(WaitingKinds.Instructions))
        {
            await InstructAgainAsync(now, limit, cancellation);
        }

        return found.Count;
    }

    private Task ChangedAsync(IEnumerable<string> serviceIds, CancellationToken cancellation) =>
        bus.PublishManyAsync([.. serviceIds.Select(id => new ServiceChanged { ServiceId = id })], cancellation);

    private async Task InstructAgainAsync(DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        var due = await tasks.ListInstructDueAsync(now, limit, cancellation);
        if (due.Count == 0)
        {
            return;
        }

        var postponed = due.Select(task => task with { InstructDueAt = now + options.Value.InstructAgainAfter }).ToList();
        var lost = await tasks.ReplaceManyAsync(postponed, cancellation);
        await instructor.InstructAsync([.. postponed.Where(task => !lost.Contains(task.Id))], cancellation);
    }
}
