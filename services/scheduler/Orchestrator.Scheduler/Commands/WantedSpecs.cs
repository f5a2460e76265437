using Orchestrator.Scheduler.Domain.Acceptance;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Commands;

/// <summary>What applications want now, with the specs.</summary>
internal sealed class WantedSpecs(IAppStore apps, IRevisionStore revisions)
{
    public async Task<IReadOnlyDictionary<string, CurrentService>> OfAsync(AppDocument? app, CancellationToken cancellation)
    {
        if (app is null || app.Wanted.Count == 0)
        {
            return new Dictionary<string, CurrentService>();
        }

        var stored = await revisions.FindManyAsync([.. app.Wanted.Values.Select(wanted => (wanted.ServiceId, wanted.Revision))], cancellation);
        var specs = stored.ToDictionary(revision => revision.ServiceId, revision => revision.Spec);
        return app.Wanted.ToDictionary(
            entry => entry.Key,
            entry => new CurrentService(entry.Value.ServiceId, entry.Value.Revision, entry.Value.Replicas, specs[entry.Value.ServiceId]));
    }

    public async Task<IReadOnlyList<(string App, Contracts.ServiceSpec Spec)>> OfOthersAsync(string app, CancellationToken cancellation)
    {
        var others = (await apps.ListAsync(cancellation)).Where(other => other.Id != app).ToList();
        var keys = others.SelectMany(other => other.Wanted.Values).Select(wanted => (wanted.ServiceId, wanted.Revision)).ToList();
        return [.. (await revisions.FindManyAsync(keys, cancellation)).Select(revision => (revision.App, revision.Spec))];
    }
}
