using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Services;

/// <summary>The revisions of a service that are kept, with what became of them.</summary>
internal sealed class RevisionReader(IServiceStore services, IRevisionStore revisions, IRolloutStore rollouts)
{
    /// <returns>Newest first; null when there is no such service.</returns>
    public async Task<object?> HistoryAsync(string app, string name, CancellationToken cancellation)
    {
        if (await FindAsync(app, name, cancellation) is not { } service)
        {
            return null;
        }

        var kept = await revisions.ListAsync(service.Id, cancellation);
        var byRevision = (await rollouts.ListAsync(service.Id, cancellation)).ToDictionary(rollout => rollout.ToRevision);
        return kept.Reverse().Select(revision =>
        {
            var rollout = byRevision.GetValueOrDefault(revision.Number);
            var before = kept.LastOrDefault(other => other.Number < revision.Number);
            return new
            {
                Revision = revision.Number,
                Current = revision.Number == service.Revision,
                State = rollout?.State.ToString(),
                Stable = rollout?.State == RolloutState.Completed,
                revision.Spec.Container.Image,
                Cause = CauseOf(revision),
                revision.RequestedBy,
                revision.CreatedAt,
                rollout?.EndedAt,
                rollout?.Message,
                Changes = before is null ? [] : SpecDiff.Of(before.Spec, revision.Spec),
            };
        });
    }

    /// <returns>The changes, or why there are none to tell.</returns>
    public async Task<(IReadOnlyList<SpecDiff.Change>? Changes, string? Missing)> DiffAsync(string app, string name, int from, int to, CancellationToken cancellation)
    {
        if (await FindAsync(app, name, cancellation) is not { } service)
        {
            return (null, $"there is no service '{app}/{name}'; see orch service ls");
        }

        var found = await revisions.FindManyAsync([(service.Id, from), (service.Id, to)], cancellation);
        var missing = new[] { from, to }.Where(number => found.All(revision => revision.Number != number)).ToList();
        return missing.Count > 0
            ? (null, $"revision {string.Join(" and ", missing)} of {app}/{name} is not kept; see orch service history {app}/{name}")
            : (SpecDiff.Of(found.First(revision => revision.Number == from).Spec, found.First(revision => revision.Number == to).Spec), null);
    }

    private async Task<ServiceDocument?> FindAsync(string app, string name, CancellationToken cancellation) =>
        (await services.ListAsync(app, cancellation)).LastOrDefault(service => service.Name == name);

    private static string CauseOf(RevisionDocument revision) =>
        revision.RollbackTo is not { } target ? "deploy"
        : revision.FailedRevision is { } failed ? $"rollback to {target}: {failed} failed"
        : $"rollback to {target}";
}
