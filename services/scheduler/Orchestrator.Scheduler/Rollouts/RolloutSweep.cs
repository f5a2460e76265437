using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Rollouts;

/// <summary>Tells rollouts that their time has come, and repairs what a lost message left: the saga reads nothing but its own document.</summary>
internal sealed class RolloutSweep(IRolloutStore rollouts, IServiceStore services, IBus bus)
{
    /// <summary>What is told has its message on the way for so long.</summary>
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (DateTimeOffset? Due, DateTimeOffset At)> _told = [];

    public async Task RunAsync(DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        var due = (await rollouts.ListDueAsync(now, limit, cancellation))
            .Where(rollout => !(_told.TryGetValue(rollout.Id, out var told) && told.Due == rollout.DueAt && told.At + TellAgainAfter > now)).ToList();
        var open = due.Where(rollout => !rollout.State.IsEnded()).Select(rollout => rollout.ServiceId).Distinct().ToList();
        var known = open.Count > 0 ? (await services.FindManyAsync(open, cancellation)).ToDictionary(service => service.Id) : [];
        var messages = await Task.WhenAll(due.Select(rollout => MessagesAsync(rollout, known.GetValueOrDefault(rollout.ServiceId), cancellation)));
        await bus.PublishManyAsync([.. messages.SelectMany(list => list)], cancellation);
        foreach (var id in _told.Where(told => told.Value.At + TellAgainAfter <= now).Select(told => told.Key).ToList())
        {
            _told.Remove(id);
        }

        due.ForEach(rollout => _told[rollout.Id] = (rollout.DueAt, now));
    }

    private async Task<IReadOnlyList<object>> MessagesAsync(RolloutDocument rollout, ServiceDocument? service, CancellationToken cancellation)
    {
        var timesUp = new RolloutDue { RolloutId = rollout.Id };
        if (rollout.State.IsEnded())
        {
            return [timesUp];
        }

        if (service is null)
        {
            // Its service is not stored yet, or gone with all that is of it.
            return [timesUp];
        }

        if (service.Removed)
        {
            return [new RolloutOvertaken { RolloutId = rollout.Id }];
        }

        if (service.Revision == rollout.ToRevision)
        {
            return [timesUp, new ServiceChanged { ServiceId = service.Id }];
        }

        // Its revision may be on its way into the service.
        if (service.Revision < rollout.ToRevision)
        {
            return [timesUp];
        }

        var current = await rollouts.FindAsync(RolloutIds.Of(service.Id, service.Revision), cancellation);
        return current?.RollbackOf != rollout.Id ? [new RolloutOvertaken { RolloutId = rollout.Id, ByRevision = service.Revision }]
            : current.State.IsEnded() ? [new RollbackEnded { RolloutId = rollout.Id, State = current.State, Message = current.Message }]
            : [];
    }
}
