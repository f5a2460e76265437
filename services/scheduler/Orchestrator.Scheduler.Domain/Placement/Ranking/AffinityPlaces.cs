using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Placement.Ranking;

/// <summary>One affinity between services by place: how many tasks of the other service are in each.</summary>
internal sealed class AffinityPlaces
{
    private const double CureSize = 0.7;

    private readonly ServiceAffinity _affinity;
    private readonly double _weight;
    private readonly int _allWeights;
    private readonly int[] _placeOf;
    private readonly Layout _layout;
    private readonly int _at;
    private readonly int[] _counts;
    private int _all;

    /// <param name="at">Which of the layout's attributes is the affinity's.</param>
    public AffinityPlaces(TaskGroup group, ServiceAffinity affinity, Layout layout, int at, double weight)
    {
        (_affinity, _weight, _allWeights) = (affinity, weight, ServiceAffinityScore.AllWeights(group));
        IsOwn = affinity.Service == group.Claim.Service;
        (_layout, _at) = (layout, at);
        _placeOf = layout.NumberOf(at, at + 1);
        _counts = new int[_placeOf.Length];
    }

    public string Service => _affinity.Service;

    /// <summary>The group's own tasks count.</summary>
    public bool IsOwn { get; }

    public void Add(int cell, int count)
    {
        _all += count;
        _counts[_placeOf[cell]] += count;
    }

    public double ScoreOf(int cell) => _affinity.Hard ? 0 : ServiceAffinityScore.Of(_affinity.Weight, _allWeights, CountOf(cell));

    public long PointsOf(int cell) => Points.Of(ScoreOf(cell), _weight);

    public bool Blocks(int cell) => _affinity.Hard && (_affinity.Weight < 0
        ? CountOf(cell) > 0
        : CountOf(cell) == 0 && !(IsOwn && _all == 0 && ValueOf(cell) is not null));

    public string Reason(int cell)
    {
        var place = ValueOf(cell) is { } value ? $"is in {_affinity.Topology.ShortName}={value}, which" : $"lacks label {_affinity.Topology.ShortName}, so that it";
        return _affinity.Weight > 0 ? $"{place} has no task of {_affinity.Name}" : $"{place} has a task of {_affinity.Name}";
    }

    public (string Text, double Size, Func<TaskGroup, TaskGroup> Change) Cure() => (
        $"make the {(_affinity.Weight > 0 ? "affinity to" : "anti-affinity against")} {_affinity.Name} soft",
        CureSize,
        group => group with { ServiceAffinities = [.. group.ServiceAffinities.Select(other => other == _affinity ? other with { Hard = false } : other)] });

    private string? ValueOf(int cell) => _layout.Values[cell][_at];

    // Nodes without the label are in no place together.
    private int CountOf(int cell) => ValueOf(cell) is null ? 0 : _counts[_placeOf[cell]];
}
