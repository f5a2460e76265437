using Orchestrator.Scheduler.Domain.Placement.Filters;

namespace Orchestrator.Scheduler.Domain.Placement.Ranking;

/// <summary>Which nodes take no task of a group, before any is placed; found without a look at all nodes.</summary>
internal sealed class RefusingNodes
{
    private readonly GroupRanking _ranking;
    private readonly IReadOnlyCollection<int> _blockedCells = [];
    private readonly IReadOnlyCollection<int> _byService = [];
    // Null: all that neither of the others names.
    private readonly HashSet<int>? _accepting;

    public RefusingNodes(TaskGroup group, Cluster cluster, GroupRanking ranking, Domains domains)
    {
        (_ranking, Count) = (ranking, ranking.Refusing);
        if (!domains.None)
        {
            _blockedCells = [.. Enumerable.Range(0, ranking.Cells).Where(domains.Blocks)];
            Count += _blockedCells.Sum(ranking.AcceptingIn);
        }

        var rules = group.ServiceAffinities.Where(affinity => affinity.Hard && affinity.IsOfNode(group)).ToList();
        if (rules.Find(rule => rule.Weight > 0) is { } near)
        {
            // Only where the other service is.
            _accepting = cluster.NodesOf(near.Service).Keys.Where(node => IsOpen(node) && NodeFilters.Service.Room(group, node) > 0).Select(node => node.Slot).ToHashSet();
            Count = ranking.Room.Length - _accepting.Count;
        }
        else if (rules.Count > 0 || group.MaxReplicasPerNode is not null)
        {
            var services = rules.Select(rule => rule.Service).Append(group.Claim.Service).Distinct();
            _byService = [.. services.SelectMany(service => cluster.NodesOf(service).Keys).Distinct().Where(node => IsOpen(node) && NodeFilters.Service.Room(group, node) <= 0).Select(node => node.Slot).Order()];
            Count += _byService.Count;
        }

        bool IsOpen(NodeState node) => ranking[node.Slot] != MaxTree.None && !domains.Blocks(ranking.Layout.CellOf[node.Slot]);
    }

    public int Count { get; }

    /// <returns>Their slots in order, so many at most.</returns>
    public IReadOnlyList<int> First(int most)
    {
        if (_accepting is not null)
        {
            return [.. Enumerable.Range(0, _ranking.Room.Length).Where(slot => !_accepting.Contains(slot)).Take(most)];
        }

        if (_blockedCells.Count + _byService.Count == 0)
        {
            return [.. WithoutRoom().Take(most)];
        }

        return
        [
            .. WithoutRoom().Take(most)
                .Concat(_blockedCells.SelectMany(cell => _ranking.Layout.Slots[cell].Take(most)))
                .Concat(_byService.Take(most))
                .Distinct().Order().Take(most),
        ];
    }

    private IEnumerable<int> WithoutRoom()
    {
        for (var slot = _ranking.NextRefusing(0); slot >= 0; slot = _ranking.NextRefusing(slot + 1))
        {
            yield return slot;
        }
    }
}
