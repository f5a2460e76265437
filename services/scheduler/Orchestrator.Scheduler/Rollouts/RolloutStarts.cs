using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Events;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Rollouts;

/// <summary>Stores the rollout of a revision that is wanted from now on, and tells the one before it. May be repeated at any time.</summary>
internal sealed class RolloutStarts(
    IRolloutStore rollouts, IRevisionStore revisions, ITaskStore tasks, IBus bus, TimeProvider time, ILogger<RolloutStarts> logger)
{
    /// <summary>Revisions, with their rollouts, that can be gone back to.</summary>
    private const int Kept = 10;

    private readonly Together<RolloutDocument, bool> _inserts = Groups.OfInserts<RolloutDocument>(rollouts.InsertManyAsync, rollout => rollout.Id);

    /// <returns>Always true: a rollout that is there already is the one meant.</returns>
    public async Task<bool> StartAsync(RevisionDocument revision, int? from, string service, CancellationToken cancellation)
    {
        var id = RolloutIds.Of(revision.ServiceId, revision.Number);
        var isFirst = from is null && revision.Number == 1;
        var earlier = isFirst ? [] : await rollouts.ListAsync(revision.ServiceId, cancellation);
        var failed = revision.FailedRevision is { } number ? RolloutIds.Of(revision.ServiceId, number) : null;
        var now = time.GetUtcNow();
        var rollout = new RolloutDocument
        {
            Id = id,
            App = revision.App,
            Service = service,
            ServiceId = revision.ServiceId,
            FromRevision = from,
            ToRevision = revision.Number,
            StableRevision = earlier.Where(other => other.State == RolloutState.Completed && other.Id != id).Select(other => (int?)other.ToRevision).Max(),
            IsRollback = revision.RollbackTo is not null,
            RollbackOf = failed,
            State = RolloutState.Planned,
            Policy = RolloutPolicies.Of(revision.Spec, isRollback: revision.RollbackTo is not null),
            ProgressAt = now,
            DueAt = now + RolloutMoves.LookAgain,
            RequestedBy = revision.RequestedBy,
            StartedAt = now,
        };
        if (await _inserts.AskAsync(rollout, cancellation))
        {
            Log.RolloutChanged(logger, id, "Started", null);
            await bus.Publish(
                new RolloutStarted
                {
                    EventId = EventHead.NewId(),
                    OccurredAt = now,
                    App = rollout.App,
                    Service = service,
                    RolloutId = id,
                    FromRevision = from,
                    ToRevision = rollout.ToRevision,
                    Version = 1,
                },
                cancellation);
            if (!isFirst)
            {
                await ForgetOldAsync(rollout, earlier, cancellation);
            }
        }

        // The failed one waits for this one: it is not overtaken. A newer one overtakes this.
        await TellOvertakenAsync(earlier.Where(other => other.ToRevision < rollout.ToRevision && other.Id != failed), rollout.ToRevision, cancellation);
        return true;
    }

    public async Task AbortAsync(ServiceDocument service, CancellationToken cancellation) =>
        await TellOvertakenAsync(await rollouts.ListAsync(service.Id, cancellation), null, cancellation);

    private Task TellOvertakenAsync(IEnumerable<RolloutDocument> earlier, int? by, CancellationToken cancellation) =>
        Messaging.Publishing.PublishManyAsync(
            bus,
            [.. earlier.Where(other => !other.State.IsEnded() || (other.State == RolloutState.Failed && by is not null)).Select(other => new RolloutOvertaken { RolloutId = other.Id, ByRevision = by })],
            cancellation);

    /// <summary>
    /// What tasks still run on is kept, and what can be gone back to. Only what is older than this revision is looked at: a command
    /// under way may have stored a newer one. One that lost its race has no rollout and goes.
    /// </summary>
    private async Task ForgetOldAsync(RolloutDocument rollout, IReadOnlyList<RolloutDocument> earlier, CancellationToken cancellation)
    {
        var older = (await revisions.ListAsync(rollout.ServiceId, cancellation)).Select(revision => revision.Number).Where(number => number < rollout.ToRevision).ToList();
        var kept = earlier.Select(other => other.ToRevision).Append(rollout.ToRevision).OrderDescending().Take(Kept).ToHashSet();
        if (older.All(kept.Contains))
        {
            return;
        }

        kept.UnionWith((await tasks.ListByServiceAsync(rollout.ServiceId, cancellation)).Where(task => !task.State.IsFinal()).Select(task => task.Revision));
        var old = older.Where(number => !kept.Contains(number) && number != rollout.StableRevision && number != rollout.FromRevision).ToList();
        await revisions.DeleteManyAsync(rollout.ServiceId, old, cancellation);
        await rollouts.DeleteManyAsync([.. old.Select(number => RolloutIds.Of(rollout.ServiceId, number))], cancellation);
    }
}
