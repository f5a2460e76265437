using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Reconcile;
using Orchestrator.Scheduler.Rollouts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>Reads all that a pass over a service looks at.</summary>
internal sealed class ServiceReader(IAppStore apps, IServiceStore services, ITaskStore tasks, IRolloutStore rollouts, RevisionCache revisions)
{
    public async Task<ServiceInput?> ReadAsync(string serviceId, CancellationToken cancellation)
    {
        if (await services.FindAsync(serviceId, cancellation) is not { } service)
        {
            return null;
        }

        var taskList = tasks.ListByServiceAsync(serviceId, cancellation);
        var revision = revisions.FindAsync(serviceId, service.Revision, cancellation);
        var rollout = rollouts.FindAsync(RolloutIds.Of(serviceId, service.Revision), cancellation);
        await Task.WhenAll(taskList, revision, rollout);
        if (!service.Removed && (await taskList).Count == 0 && !await IsWantedAsync(service, cancellation))
        {
            service = service with { Removed = true };
        }

        if (await revision is not { } found)
        {
            return service.Removed && await services.TryDeleteAsync(service.Id, service.Version, cancellation)
                ? null
                : throw new InvalidOperationException($"service {serviceId}: revision {service.Revision} is not stored");
        }

        var mayStart = !await WaitsForUpdatesAsync(service, found, await rollout, await taskList, cancellation)
            && (service.DependenciesMet || await AreDependenciesMetAsync(service, found, cancellation));
        return new ServiceInput(service, found, await taskList, await rollout, await KeptAsync(await rollout, found, cancellation), mayStart);
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

        var app = await apps.FindAsync(service.App, cancellation);
        var siblings = (await services.ListAsync(service.App, cancellation)).ToDictionary(other => other.Id);
        foreach (var dependency in revision.Spec.DependsOn)
        {
            // One whose new revision is wanted and not stored with it yet is about to begin.
            if (app is not null && app.Wanted.TryGetValue(dependency.Service, out var wanted)
                && (siblings.GetValueOrDefault(wanted.ServiceId)?.Revision != wanted.Revision
                    || await rollouts.FindAsync(RolloutIds.Of(wanted.ServiceId, wanted.Revision), cancellation) is { } other && !other.State.IsEnded()))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The stable revision, while the service is on its way to another template.</summary>
    private async Task<RevisionDocument?> KeptAsync(RolloutDocument? rollout, RevisionDocument wanted, CancellationToken cancellation) =>
        rollout is { StableRevision: { } stable, State: not RolloutState.Completed }
        && await revisions.FindAsync(rollout.ServiceId, stable, cancellation) is { } kept && kept.TemplateHash != wanted.TemplateHash
            ? kept
            : null;

    /// <summary>
    /// A scheduler that is slow to follow its command may store a service that a later command has taken out already.
    /// Whoever followed the later one did not see it: it is seen here, before it has a task.
    /// </summary>
    private async Task<bool> IsWantedAsync(ServiceDocument service, CancellationToken cancellation) =>
        await apps.FindAsync(service.App, cancellation) is { } app && app.Wanted.Values.Any(wanted => wanted.ServiceId == service.Id);

    private async Task<bool> AreDependenciesMetAsync(ServiceDocument service, RevisionDocument revision, CancellationToken cancellation)
    {
        var siblings = (await services.ListAsync(service.App, cancellation)).Where(other => !other.Removed).ToLookup(other => other.Name);
        foreach (var dependency in revision.Spec.DependsOn)
        {
            if (siblings[dependency.Service].FirstOrDefault() is not { } other)
            {
                return false;
            }

            var others = await tasks.ListByServiceAsync(other.Id, cancellation);
            if (!Dependencies.IsMet(dependency.Condition, other.Slots ?? other.Replicas, [.. others.Select(ServiceInput.SnapshotOf)]))
            {
                return false;
            }
        }

        return true;
    }
}
