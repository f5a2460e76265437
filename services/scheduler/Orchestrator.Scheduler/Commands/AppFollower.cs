using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Placement;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.Scheduler.Rollouts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Commands;

/// <summary>Brings the services of an application after what is wanted of it, and publishes the answers given with that. May be repeated at any time.</summary>
internal sealed class AppFollower(
    IAppStore apps, IServiceStore services, RevisionCache revisions, RolloutStarts rollouts, WaitingServices waiting, ICommandResultStore results, IBus bus, TimeProvider time)
{
    private readonly Together<ServiceDocument, bool> _inserts = Groups.OfInserts<ServiceDocument>(services.InsertManyAsync, service => service.Id);

    public async Task FollowAsync(string appName, CancellationToken cancellation)
    {
        while (await apps.FindAsync(appName, cancellation) is { DirtySince: not null } app)
        {
            var stored = await services.ListAsync(appName, cancellation);
            var changed = await BringAfterAsync(app, stored, cancellation);
            if (changed is null)
            {
                continue;
            }

            if (changed.Count > 0)
            {
                await waiting.AppChangedAsync(appName, stored, cancellation);
            }

            await Task.WhenAll(
                results.AddManyAsync(app.Outbox, cancellation),
                TellAsync(app.Outbox, cancellation),
                bus.PublishManyAsync([.. changed.Select(id => new ServiceChanged { ServiceId = id })], cancellation));
            if (await apps.TryReplaceAsync(app with { Outbox = [], Leaving = [], DirtySince = null }, cancellation))
            {
                return;
            }
        }
    }

    /// <summary>Publishes answers; the same answer has the same event id each time.</summary>
    public Task TellAsync(IReadOnlyList<CommandAnswer> answers, CancellationToken cancellation) =>
        bus.PublishManyAsync([.. answers.Select(answer => answer.ToEvent())], cancellation);

    /// <returns>Ids of the services that changed; null when a write lost and all must be read again.</returns>
    private async Task<IReadOnlyList<string>?> BringAfterAsync(AppDocument app, IReadOnlyList<ServiceDocument> stored, CancellationToken cancellation)
    {
        var byId = stored.ToDictionary(service => service.Id);
        var newRevisions = app.Wanted
            .Where(entry => byId.GetValueOrDefault(entry.Value.ServiceId)?.Revision != entry.Value.Revision)
            .ToList();
        var specs = (await revisions.FindManyAsync([.. newRevisions.Select(entry => (entry.Value.ServiceId, entry.Value.Revision))], cancellation)).Values
            .ToDictionary(revision => revision.ServiceId);
        var now = time.GetUtcNow();
        var writes = new List<Task<bool>>();
        var changed = new List<string>();
        foreach (var (name, wanted) in app.Wanted)
        {
            var service = byId.GetValueOrDefault(wanted.ServiceId);
            if (service is not null && IsFollowed(service, wanted))
            {
                continue;
            }

            changed.Add(wanted.ServiceId);
            if (service?.Revision != wanted.Revision)
            {
                writes.Add(rollouts.StartAsync(specs[wanted.ServiceId], service?.Revision, name, cancellation));
            }

            writes.Add(service is null
                ? _inserts.AskAsync(NewService(app.Id, name, wanted, specs[wanted.ServiceId], now), cancellation)
                : services.TryReplaceAsync(After(service, wanted, specs.GetValueOrDefault(wanted.ServiceId), now), cancellation));
        }

        foreach (var leaving in app.Leaving.Select(id => byId.GetValueOrDefault(id)).Where(service => service is { Removed: false }))
        {
            changed.Add(leaving!.Id);
            await rollouts.AbortAsync(leaving, cancellation);
            writes.Add(services.TryReplaceAsync(leaving with { Removed = true, DirtySince = now, UpdatedAt = now }, cancellation));
        }

        return (await Task.WhenAll(writes)).All(stored => stored) ? changed : null;
    }

    /// <summary>Up to this command, or up to a newer one, followed by somebody else since the application was read.</summary>
    private static bool IsFollowed(ServiceDocument service, WantedService wanted) =>
        service.SetBy > wanted.SetBy
        || (service.SetBy == wanted.SetBy && service.Revision == wanted.Revision && service.Replicas == wanted.Replicas && !service.Removed);

    /// <param name="revision">Null: it has not changed.</param>
    private static ServiceDocument After(ServiceDocument service, WantedService wanted, RevisionDocument? revision, DateTimeOffset now) => service with
    {
        Revision = wanted.Revision,
        Replicas = wanted.Replicas,
        SetBy = wanted.SetBy,
        Mode = revision?.Spec.Mode ?? service.Mode,
        KeepsAway = revision is null ? service.KeepsAway : KeptAway(revision),
        DirtySince = now,
        UpdatedAt = now,
    };

    private static IReadOnlyList<string> KeptAway(RevisionDocument revision) =>
        [.. TaskGroups.KeptAway(revision.App, revision.Spec).Select(away => away.Service).Where(service => ServiceReference.AppOf(service) != revision.App).Distinct()];

    private static ServiceDocument NewService(string app, string name, WantedService wanted, RevisionDocument revision, DateTimeOffset now) => new()
    {
        Id = wanted.ServiceId,
        App = app,
        Name = name,
        Revision = wanted.Revision,
        Replicas = wanted.Replicas,
        SetBy = wanted.SetBy,
        Mode = revision.Spec.Mode,
        KeepsAway = KeptAway(revision),
        DependenciesMet = revision.Spec.DependsOn.Count == 0,
        DirtySince = now,
        CreatedAt = now,
        UpdatedAt = now,
    };
}
