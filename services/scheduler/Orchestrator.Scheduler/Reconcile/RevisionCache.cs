using System.Collections.Concurrent;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>Revisions never change: what was read once need not be read again.</summary>
internal sealed class RevisionCache(IRevisionStore revisions)
{
    private const int Limit = 10_000;
    private readonly ConcurrentDictionary<(string ServiceId, int Number), RevisionDocument> _known = new();

    public async Task<RevisionDocument?> FindAsync(string serviceId, int number, CancellationToken cancellation) =>
        (await FindManyAsync([(serviceId, number)], cancellation)).GetValueOrDefault((serviceId, number));

    public async Task<IReadOnlyDictionary<(string ServiceId, int Number), RevisionDocument>> FindManyAsync(
        IReadOnlyCollection<(string ServiceId, int Number)> keys, CancellationToken cancellation)
    {
        var missing = keys.Where(key => !_known.ContainsKey(key)).Distinct().ToList();
        if (missing.Count > 0)
        {
            if (_known.Count + missing.Count > Limit)
            {
                _known.Clear();
            }

            foreach (var revision in await revisions.FindManyAsync(missing, cancellation))
            {
                _known[(revision.ServiceId, revision.Number)] = revision;
            }
        }

        return keys.Distinct().Where(_known.ContainsKey).ToDictionary(key => key, key => _known[key]);
    }
}
