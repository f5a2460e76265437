using Orchestrator.Scheduler.Domain.Placement.Explain;
using Orchestrator.Scheduler.Domain.Placement.Filters;
using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Placement.Ranking;

/// <summary>
/// Gives the tasks of one group to nodes, one by one, each to the best there is. A node is looked at closely only when it could be
/// the best; after a task only its node is ranked again. Changes nothing for good: <see cref="Restore"/>.
/// </summary>
internal sealed class GroupPass
{
    private readonly TaskGroup _group;
    private readonly Cluster _cluster;
    private readonly ScoreWeights _weights;
    private readonly GroupRanking _ranking;
    private readonly NodeState[] _nodes;
    private readonly LocalScores _local;
    private readonly List<int> _touched = [];
    private readonly bool _ruledByServices;

    // By cell, where the group may only be on nodes of another service: these, all looked at.
    private readonly ILookup<int, int>? _near;

    public GroupPass(TaskGroup group, Cluster cluster, ScoreWeights weights)
    {
        (_group, _cluster, _weights) = (group, cluster, weights);
        _ranking = cluster.Rankings.Of(group, weights);
        _nodes = cluster.Sorted();
        _local = new LocalScores(group, weights);
        Domains = new Domains(group, cluster, _ranking, weights);
        _ruledByServices = group.MaxReplicasPerNode is not null || group.ServiceAffinities.Any(affinity => affinity.Hard && affinity.IsOfNode(group));
        var near = group.ServiceAffinities.FirstOrDefault(affinity => affinity is { Hard: true, Weight: > 0 } && affinity.IsOfNode(group))?.Service;
        foreach (var node in (near is null ? _local.Attracting : [near]).SelectMany(service => cluster.NodesOf(service).Keys))
        {
            if (_ranking[node.Slot] != MaxTree.None && _ranking.Room[node.Slot] == GroupRanking.Unknown)
            {
                Look(node);
            }
        }

        _near = near is null ? null : _touched.ToLookup(CellOf);

        for (var cell = 0; cell < _ranking.Cells; cell++)
        {
            LookCloser(cell);
            Domains.Open(cell, HasRoom(cell));
        }

        Domains.Settle();
    }

    public Domains Domains { get; }

    /// <returns>The slot of the best node and its points; null: there is none with room.</returns>
    public (int Slot, long Points)? Best()
    {
        (int Slot, long Points)? best = null;
        for (var cell = 0; cell < _ranking.Cells; cell++)
        {
            var (slot, points) = Top(cell);
            if (points == MaxTree.None || Domains.Blocks(cell))
            {
                continue;
            }

            points += Domains.PointsOf(cell) + _local.Most;
            if (best is null || points > best.Value.Points || (points == best.Value.Points && slot < best.Value.Slot))
            {
                best = (slot, points);
            }
        }

        return best;
    }

    /// <summary>A task goes to the node.</summary>
    public void Take(int slot)
    {
        var added = ++_ranking.Added[slot];
        Rank(slot, --_ranking.Room[slot], added);
        var cell = _ranking.Layout.CellOf[slot];
        LookCloser(cell);
        if (!Domains.None)
        {
            Domains.Add(cell);
            Domains.Open(cell, HasRoom(cell));
            Domains.Settle();
        }
    }

    /// <summary>A task goes to a node that had no room, for others leave it.</summary>
    public void TakeByForce(int slot)
    {
        if (_ranking.Room[slot] == GroupRanking.Unknown)
        {
            _touched.Add(slot);
            _ranking.Room[slot] = 0;
        }

        _ranking.Added[slot]++;
        Domains.Add(CellOf(slot));
        Domains.Settle();
    }

    public int AddedTo(int slot) => _ranking.Added[slot];

    public bool Stands(int slot) => _ranking.Stands(slot);

    public int CellOf(int slot) => _ranking.Layout.CellOf[slot];

    /// <returns>The best nodes as they stand now, best first.</returns>
    public IReadOnlyList<NodeScore> BestScores(int count)
    {
        var best = new List<NodeScore>(count);
        var hidden = new List<(int Slot, long Points)>(count);
        while (best.Count < count && Best() is var (slot, points))
        {
            var parts = Parts(slot);
            points += _ranking.TaintsCount ? Points.Of(100, _weights.Taints) : 0;
            best.Add(new NodeScore(_nodes[slot].Node.Id, _nodes[slot].Node.Name, Math.Round(points / Points.PerScore / parts.Sum(part => part.Weight), 2), parts));
            hidden.Add((slot, _ranking[slot]));
            _ranking[slot] = MaxTree.None;
            LookCloser(CellOf(slot));
        }

        hidden.ForEach(entry => _ranking[entry.Slot] = entry.Points);
        return best;
    }

    /// <summary>Before any task is placed.</summary>
    /// <param name="named">At most so many are named.</param>
    public Explanation Refusals(int named)
    {
        var refusing = new RefusingNodes(_group, _cluster, _ranking, Domains);
        var refusals = refusing.First(named).Select(Refusal).ToList();
        return new Explanation { NodesLookedAt = _nodes.Length, Refusals = refusals, FurtherRefusals = refusing.Count - refusals.Count };
    }

    /// <summary>Leaves the ranking as it was found.</summary>
    public void Restore()
    {
        foreach (var slot in _touched)
        {
            _ranking.Room[slot] = GroupRanking.Unknown;
            _ranking.Added[slot] = 0;
            _ranking[slot] = _ranking.Bound(_nodes[slot]);
        }
    }

    /// <summary>Until the first of the cell is known to be the first.</summary>
    private void LookCloser(int cell)
    {
        while (Top(cell) is var (slot, points) && points != MaxTree.None && _ranking.Room[slot] == GroupRanking.Unknown)
        {
            Look(_nodes[slot]);
        }
    }

    private void Look(NodeState node)
    {
        _touched.Add(node.Slot);
        _ranking.Room[node.Slot] = Math.Min(NodeFilters.Capacity.Room(_group, node), NodeFilters.Service.Room(_group, node));
        Rank(node.Slot, _ranking.Room[node.Slot], 0);
    }

    private void Rank(int slot, int room, int added) =>
        _ranking[slot] = room > 0 ? _ranking.Base(_nodes[slot], added) + _local.Of(_nodes[slot], added) - _local.Most : MaxTree.None;

    private bool HasRoom(int cell) => Top(cell).Points != MaxTree.None;

    private (int Slot, long Points) Top(int cell)
    {
        if (_near is null)
        {
            return _ranking.Top(cell);
        }

        var best = (Slot: 0, Points: MaxTree.None);
        foreach (var slot in _near[cell])
        {
            var points = _ranking[slot];
            if (points > best.Points || (points == best.Points && slot < best.Slot))
            {
                best = (slot, points);
            }
        }

        return best;
    }

    private Refusal Refusal(int slot)
    {
        var node = _nodes[slot];
        if (_ruledByServices || !Domains.None)
        {
            return new(node.Node.Id, node.Node.Name, [.. NodeFilters.All.Reasons(_group, node), .. Domains.Reasons(CellOf(slot))]);
        }

        return _ranking.Refusals[slot] ??= new(node.Node.Id, node.Node.Name, NodeFilters.All.Reasons(_group, node));
    }

    private List<ScorePart> Parts(int slot)
    {
        var (node, added) = (_nodes[slot], _ranking.Added[slot]);
        var demand = _group.Claim.Demand;
        var binpack = BinpackScore.Of(node, demand.NanoCpus, demand.MemoryBytes, added + 1);
        var own = node.CountOf(_group.Claim.Service) + added;
        var parts = new List<ScorePart>(10);
        void Part(string name, double weight, double? score)
        {
            if (weight > 0 && score is { } value)
            {
                parts.Add(new ScorePart(name, Math.Round(value, 2), weight));
            }
        }

        Part("binpack", _weights.Binpack, binpack);
        Part("emptiness", _weights.Emptiness, 100 - binpack);
        Part("spread", _weights.Spread, SpreadScore.Of(own));
        Part("random", _weights.Random, RandomScore.Of(_group.Seed, node.Node.Id, own));
        Part("preferences", _weights.Preferences, Domains.PreferenceOf(CellOf(slot)));
        Part("affinity", _weights.Affinity, _group.Affinities.Count > 0 ? AttributeAffinityScore.Of(_group, node.Node) : null);
        Part("serviceAffinity", _weights.ServiceAffinity, _local.AffinityOf(node, added, Domains.AffinityOf(CellOf(slot))));
        Part("failures", _weights.Failures, _group.RecentFailures.Count > 0 ? FailureScore.Of(_group.RecentFailures.GetValueOrDefault(node.Node.Id)) : null);
        Part("taints", _weights.Taints, _ranking.TaintsCount ? TaintScore.Of(_group, node.Node) : null);
        Part("image", _weights.Image, _group.Image is not null ? ImageScore.Of(_group, node.Node) : null);
        return parts;
    }
}
