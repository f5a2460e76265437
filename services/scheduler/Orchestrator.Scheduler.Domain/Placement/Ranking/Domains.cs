using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Placement.Ranking;

/// <summary>How many tasks are in each place, and what that means for the cells: points, or that none may go there.</summary>
internal sealed class Domains
{
    private readonly List<PreferenceLevel> _levels = [];
    private readonly List<AffinityPlaces> _affinities = [];
    private readonly long[] _points = [];
    private readonly bool[] _blocked = [];
    private readonly bool[] _open = [];

    public Domains(TaskGroup group, Cluster cluster, GroupRanking ranking, ScoreWeights weights)
    {
        if (group.Preferences.Count == 0 && group.ServiceAffinities.All(affinity => affinity.IsOfNode(group)))
        {
            return;
        }

        var layout = ranking.Layout;
        _points = new long[layout.Slots.Length];
        _blocked = new bool[layout.Slots.Length];
        _open = new bool[layout.Slots.Length];
        for (var level = 0; level < group.Preferences.Count; level++)
        {
            _levels.Add(new PreferenceLevel(group, level, layout, ranking, weights.Preferences));
        }

        var at = group.Preferences.Count;
        foreach (var affinity in group.ServiceAffinities.Where(affinity => !affinity.IsOfNode(group)))
        {
            _affinities.Add(new AffinityPlaces(group, affinity, layout, at++, weights.ServiceAffinity));
        }

        Count(group, cluster, layout);
    }

    /// <summary>There is nothing to count by place.</summary>
    public bool None => _points.Length == 0;

    public long PointsOf(int cell) => None ? 0 : _points[cell];

    public bool Blocks(int cell) => !None && _blocked[cell];

    /// <summary>A task of the group goes to the cell.</summary>
    public void Add(int cell)
    {
        foreach (var level in _levels)
        {
            level.Add(cell, 1);
        }

        foreach (var places in _affinities)
        {
            places.Add(cell, places.IsOwn ? 1 : 0);
        }
    }

    /// <summary>Some nodes of the cell have room, or none.</summary>
    public void Open(int cell, bool open)
    {
        if (!None)
        {
            _open[cell] = open;
        }
    }

    /// <summary>After all changes.</summary>
    public void Settle()
    {
        _levels.ForEach(level => level.Settle(_open));
        for (var cell = 0; cell < _open.Length; cell++)
        {
            var (points, blocked) = (0L, false);
            foreach (var level in _levels)
            {
                points += level.PointsOf(cell);
                blocked |= level.Blocks(cell);
            }

            foreach (var places in _affinities)
            {
                points += places.PointsOf(cell);
                blocked |= places.Blocks(cell);
            }

            (_points[cell], _blocked[cell]) = (points, blocked);
        }
    }

    /// <returns>Why no task may go to the cell, to be read after a node's name.</returns>
    public IEnumerable<string> Reasons(int cell) =>
        _levels.Where(level => level.Blocks(cell)).Select(level => level.Reason(cell))
            .Concat(_affinities.Where(places => places.Blocks(cell)).Select(places => places.Reason(cell)));

    /// <returns>Changes of the group, one for each rule that blocks the cell.</returns>
    public IEnumerable<(string Text, double Size, Func<TaskGroup, TaskGroup> Change)> Cures(int cell) =>
        _levels.Where(level => level.Blocks(cell)).Select(level => level.Cure(cell))
            .Concat(_affinities.Where(places => places.Blocks(cell)).Select(places => places.Cure()));

    /// <returns>The score of the preferences; null without.</returns>
    public double? PreferenceOf(int cell) => _levels.Count > 0 ? _levels.Sum(level => level.ScoreOf(cell)) : null;

    /// <returns>What the affinities by place add to the score.</returns>
    public double AffinityOf(int cell) => _affinities.Sum(places => places.ScoreOf(cell));

    private void Count(TaskGroup group, Cluster cluster, Layout layout)
    {
        if (_levels.Count > 0)
        {
            foreach (var (node, count) in cluster.NodesOf(group.Claim.Service))
            {
                _levels.ForEach(level => level.Add(layout.CellOf[node.Slot], count));
            }
        }

        foreach (var places in _affinities)
        {
            foreach (var (node, count) in cluster.NodesOf(places.Service))
            {
                places.Add(layout.CellOf[node.Slot], count);
            }
        }
    }
}
