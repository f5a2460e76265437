using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Reconcile;
using Orchestrator.Scheduler.Rollouts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>Reads all that a pass over a service looks at. Services that are looked at meanwhile are read together.</summary>
internal sealed class ServiceReader
{
    /// <summary>A service may have thousands of tasks.</summary>
    private const int ServicesOfARead = 16;

    private readonly IAppStore _apps;
    private readonly IServiceStore _services;
    private readonly ITaskStore _tasks;
    private readonly IRolloutStore _rollouts;
    private readonly RevisionCache _revisions;
    private readonly Together<string, Stored?> _together;

    public ServiceReader(IAppStore apps, IServiceStore services, ITaskStore tasks, IRolloutStore rollouts, RevisionCache revisions)
    {
        (_apps, _services, _tasks, _rollouts, _revisions) = (apps, services, tasks, rollouts, revisions);
        _together = new Together<string, Stored?>(FindAsync, limit: ServicesOfARead);
    }

    public async Task<ServiceInput?> ReadAsync(string serviceId, CancellationToken cancellation)
    {
        if (await _together.AskAsync(serviceId, cancellation) is not { } stored)
        {
            return null;
        }

        var (service, rollout) = (stored.Service, stored.Rollout);
        if (!service.Removed && stored.Tasks.Count == 0 && !IsWanted(service, stored.App))
        {
            service = service with { Removed = true };
        }

        if (stored.Revision is not { } found)
        {
            return service.Removed && await _services.TryDeleteAsync(service.Id, service.Version, cancellation)
                ? null
                : throw new InvalidOperationException($"service {serviceId}: revision {service.Revision} is not stored");
        }

        var mayStart = !await WaitsForUpdatesAsync(service, found, rollout, stored.Tasks, cancellation)
            && (service.DependenciesMet || await AreDependenciesMetAsync(service, found, cancellation));
        return new ServiceInput(service, found, stored.Tasks, rollout, await KeptAsync(rollout, found, cancellation), mayStart);
    }

    private async Task<IReadOnlyList<Stored?>> FindAsync(IReadOnlyList<string> serviceIds, CancellationToken cancellation)
    {
        var services = (await _services.FindManyAsync([.. serviceIds.Distinct()], cancellation)).ToDictionary(service => service.Id);
        var tasks = services.Count > 0 ? _tasks.ListByServicesAsync([.. services.Keys], cancellation) : Task.FromResult<IReadOnlyList<TaskDocument>>([]);
        var revisions = _revisions.FindManyAsync([.. services.Values.Select(service => (service.Id, service.Revision))], cancellation);
        var rollouts = services.Count > 0
            ? _rollouts.FindManyAsync([.. services.Values.Select(service => RolloutIds.Of(service.Id, service.Revision))], cancellation)
            : Task.FromResult<IReadOnlyList<RolloutDocument>>([]);
        var tasksOf = (await tasks).ToLookup(task => task.ServiceId);
        var empty = services.Values.Where(service => !service.Removed && !tasksOf.Contains(service.Id)).Select(service => service.App).Distinct().ToList();
        var apps = empty.Count > 0 ? (await _apps.FindManyAsync(empty, cancellation)).ToDictionary(app => app.Id) : [];
        var (revisionOf, rolloutOf) = (await revisions, (await rollouts).ToDictionary(rollout => rollout.Id));
        return
        [
            .. serviceIds.Select(id => services.TryGetValue(id, out var service)
                ? new Stored(
                    service, [.. tasksOf[id]], revisionOf.GetValueOrDefault((id, service.Revision)), rolloutOf.GetValueOrDefault(RolloutIds.Of(id, service.Revision)), apps.GetValueOrDefault(service.App))
                : null),
        ];
    }

    /// <summary>An update begins when those of the services it depends on have ended, however they ended.</summary>
    private async Task<bool> WaitsForUpdatesAsync(
        ServiceDocument service, RevisionDocument revision, RolloutDocument? rollout, IReadOnlyList<TaskDocument> taskList, CancellationToken cancellation)
    {
        if (revision.Spec.DependsOn.Count == 0 || service.Removed || rollout is not { FromRevision: not null } || rollout.State.IsEnded()
            || taskList.Any(task => task.Revision == service.Revision))
        {
            return false;
        }

        var app = await _apps.FindAsync(service.App, cancellation);
        var siblings = (await _services.ListAsync(service.App, cancellation)).ToDictionary(other => other.Id);
        foreach (var dependency in revision.Spec.DependsOn)
        {
            // One whose new revision is wanted and not stored with it yet is about to begin.
            if (app is not null && app.Wanted.TryGetValue(dependency.Service, out var wanted)
                && (siblings.GetValueOrDefault(wanted.ServiceId)?.Revision != wanted.Revision
                    || await _rollouts.FindAsync(RolloutIds.Of(wanted.ServiceId, wanted.Revision), cancellation) is { } other && !other.State.IsEnded()))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The stable revision, while the service is on its way to another template.</summary>
    private async Task<RevisionDocument?> KeptAsync(RolloutDocument? rollout, RevisionDocument wanted, CancellationToken cancellation) =>
        rollout is { StableRevision: { } stable, State: not RolloutState.Completed }
        && await _revisions.FindAsync(rollout.ServiceId, stable, cancellation) is { } kept && kept.TemplateHash != wanted.TemplateHash
            ? kept
            : null;

    /// <summary>
    /// A scheduler that is slow to follow its command may store a service that a later command has taken out already.
    /// Whoever followed the later one did not see it: it is seen here, before it has a task.
    /// </summary>
    private static bool IsWanted(ServiceDocument service, AppDocument? app) => app is not null && app.Wanted.Values.Any(wanted => wanted.ServiceId == service.Id);

    private async Task<bool> AreDependenciesMetAsync(ServiceDocument service, RevisionDocument revision, CancellationToken cancellation)
    {
        var siblings = (await _services.ListAsync(service.App, cancellation)).Where(other => !other.Removed).ToLookup(other => other.Name);
        foreach (var dependency in revision.Spec.DependsOn)
        {
            if (siblings[dependency.Service].FirstOrDefault() is not { } other)
            {
                return false;
            }

            var others = await _tasks.ListByServiceAsync(other.Id, cancellation);
            if (!Dependencies.IsMet(dependency.Condition, other.Slots ?? other.Replicas, [.. others.Select(ServiceInput.SnapshotOf)]))
            {
                return false;
            }
        }

        return true;
    }

    /// <param name="Service">The service.</param>
    /// <param name="Tasks">All of it.</param>
    /// <param name="Revision">The one wanted.</param>
    /// <param name="Rollout">Its own.</param>
    /// <param name="App">Of a service without tasks.</param>
    private sealed record Stored(ServiceDocument Service, IReadOnlyList<TaskDocument> Tasks, RevisionDocument? Revision, RolloutDocument? Rollout, AppDocument? App);
}
