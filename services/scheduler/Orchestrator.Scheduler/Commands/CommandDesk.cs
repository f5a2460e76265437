using Microsoft.Extensions.Logging;
using Orchestrator.Scheduler.Events;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Commands;

/// <summary>
/// Takes commands: the new revisions are stored first, then one compare-and-set on the application is the commit point.
/// A duplicate gets the stored answer. An older order is superseded by a newer one that sets the same: two scales of two services are both taken,
/// whichever comes first.
/// </summary>
internal sealed class CommandDesk(
    IAppStore apps, IRevisionStore revisions, ICommandResultStore results, AppFollower follower, TimeProvider time, ILogger<CommandDesk> logger)
{
    private const int MicrosecondTicks = 10;

    public async Task TakeAsync(AppCommand command, CancellationToken cancellation)
    {
        var (answer, committed) = await AnswerAsync(command, cancellation);
        Log.CommandAnswered(logger, answer.CommandId, answer.Command, answer.App, answer.Outcome.ToString());
        if (committed)
        {
            await follower.FollowAsync(command.App, cancellation);
        }
        else
        {
            await follower.TellAsync([answer], cancellation);
        }
    }

    /// <returns>The answer, and whether it stands in the application's outbox, to be told from there.</returns>
    private async Task<(CommandAnswer Answer, bool Committed)> AnswerAsync(AppCommand command, CancellationToken cancellation)
    {
        if (command.Faults.Count > 0)
        {
            var kept = await results.FindAsync(command.Id, cancellation);
            return (kept ?? await KeepAsync(Answer(command, CommandOutcome.Rejected, app: null) with { Errors = command.Faults }, cancellation), false);
        }

        while (true)
        {
            var app = await apps.FindAsync(command.App, cancellation);
            if (app?.Outbox.FirstOrDefault(answer => answer.CommandId == command.Id) is { } unpublished)
            {
                // Whoever follows now may have told it before this duplicate came: it is told once more.
                await follower.FollowAsync(command.App, cancellation);
                return (unpublished, false);
            }

            // After the application: an answer is kept before it leaves the outbox, so it is seen in one of the two.
            if (await results.FindAsync(command.Id, cancellation) is { } earlier)
            {
                return (earlier, false);
            }

            if (app is not null && command.Order <= command.NewestOrder(app))
            {
                return (await KeepAsync(Answer(command, CommandOutcome.Superseded, app), cancellation), false);
            }

            var order = command.Order ?? Math.Max(Newest(app) + 1, time.GetUtcNow().Subtract(DateTimeOffset.UnixEpoch).Ticks / MicrosecondTicks);
            var decision = await command.DecideAsync(app, order, cancellation);
            if (decision.Errors.Count > 0)
            {
                return (await KeepAsync(Answer(command, CommandOutcome.Rejected, app) with { Errors = decision.Errors }, cancellation), false);
            }

            if (await TryCommitAsync(command, order, app, decision, cancellation) is { } accepted)
            {
                return (accepted, true);
            }
        }
    }

    /// <returns>Null when another command of the application came first.</returns>
    private async Task<CommandAnswer?> TryCommitAsync(AppCommand command, long order, AppDocument? app, AppDecision decision, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var wanted = await StoreRevisionsAsync(decision, cancellation);
        var taken = (app?.Taken ?? 0) + 1;
        var answer = Answer(command, CommandOutcome.Accepted, app) with
        {
            Changed = decision.Changed,
            Revisions = wanted.ToDictionary(entry => entry.Key, entry => entry.Value.Revision),
            AppVersion = (app?.Version ?? 0) + 1,
        };
        var after = (app ?? new AppDocument { Id = command.App, CreatedAt = now, UpdatedAt = now }) with
        {
            Wanted = wanted.ToDictionary(entry => entry.Key, entry => entry.Value == app?.Wanted.GetValueOrDefault(entry.Key) ? entry.Value : entry.Value with { SetBy = taken }),
            Leaving = [.. (app?.Leaving ?? []).Concat(decision.Leaving).Distinct()],
            LastOrder = decision.Whole ? order : app?.LastOrder ?? 0,
            Taken = taken,
            Outbox = [.. app?.Outbox ?? [], answer],
            DirtySince = now,
            UpdatedAt = now,
        };
        var stored = app is null
            ? await apps.TryInsertAsync(after, cancellation)
            : await apps.TryReplaceAsync(after, cancellation);
        if (!stored)
        {
            return null;
        }

        SchedulerMetrics.CommandAnswered(answer.Command, answer.Outcome.ToString());
        return answer;
    }

    private static long Newest(AppDocument? app) => app is null
        ? 0
        : app.Wanted.Values.SelectMany(wanted => (long[])[wanted.ScaleOrder, wanted.RollbackOrder]).Append(app.LastOrder).Max();

    /// <summary>A number that a lost race left to another command is skipped: a revision never changes.</summary>
    private async Task<IReadOnlyDictionary<string, WantedService>> StoreRevisionsAsync(AppDecision decision, CancellationToken cancellation)
    {
        var wanted = new Dictionary<string, WantedService>(decision.Wanted);
        var open = decision.NewRevisions;
        while (open.Count > 0)
        {
            await revisions.AddManyAsync(open, cancellation);
            var stored = await revisions.FindManyAsync([.. open.Select(revision => (revision.ServiceId, revision.Number))], cancellation);
            var taken = stored.Where(there => open.Any(ours => ours.ServiceId == there.ServiceId && ours.CommandId != there.CommandId))
                .Select(there => there.ServiceId).ToHashSet();
            open = [.. open.Where(revision => taken.Contains(revision.ServiceId)).Select(revision => revision with { Number = revision.Number + 1 })];
            foreach (var revision in open)
            {
                wanted[revision.Spec.Name] = wanted[revision.Spec.Name] with { Revision = revision.Number };
            }
        }

        return wanted;
    }

    private async Task<CommandAnswer> KeepAsync(CommandAnswer answer, CancellationToken cancellation)
    {
        await results.AddManyAsync([answer], cancellation);
        SchedulerMetrics.CommandAnswered(answer.Command, answer.Outcome.ToString());
        return answer;
    }

    private CommandAnswer Answer(AppCommand command, CommandOutcome outcome, AppDocument? app) => new()
    {
        CommandId = command.Id,
        Command = command.Name,
        App = command.App,
        Outcome = outcome,
        AppVersion = app?.Version ?? 0,
        EventId = EventHead.NewId(),
        AnsweredAt = time.GetUtcNow(),
    };
}
