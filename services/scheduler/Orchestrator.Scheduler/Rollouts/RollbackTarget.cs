using Orchestrator.Scheduler.Domain.Acceptance;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Rollouts;

internal static class RollbackTarget
{
    /// <param name="present">The revision that is wanted now.</param>
    /// <param name="kept">All that are kept, oldest first.</param>
    /// <param name="stable">Numbers of those that completed.</param>
    /// <param name="asked">Null: the newest stable one that is another than the present.</param>
    public static (RevisionDocument? Target, string? Refusal) Choose(
        RevisionDocument present, IReadOnlyList<RevisionDocument> kept, IReadOnlySet<int> stable, int? asked)
    {
        if (asked == present.Number)
        {
            return (null, $"revision {asked} is the present one");
        }

        var numbers = string.Join(", ", kept.Select(revision => revision.Number).Where(number => number != present.Number));
        if (asked is not null)
        {
            return kept.FirstOrDefault(revision => revision.Number == asked) is { } found
                ? (found, null)
                : (null, numbers.Length == 0 ? $"there is no revision {asked}, and none before the present one" : $"revision {asked} is not kept; there are {numbers}; see orch service history");
        }

        return kept.LastOrDefault(revision => revision.Number != present.Number && stable.Contains(revision.Number) && !CanonicalJson.SameButReplicas(revision.Spec, present.Spec)) is { } newest
            ? (newest, null)
            : (null, $"no other revision has completed; {(numbers.Length == 0 ? "there is none before this one" : $"name one with --to: {numbers}")}");
    }
}
