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
    private readonly string?[] _values;
    private readonly int[] _counts;
    private int _all;

    /// <param name="at">Which of the layout's attributes is the affinity's.</param>
    public AffinityPlaces(TaskGroup group, ServiceAffinity affinity, Layout layout, int at, double weight)
    {
        (_affinity, _weight, _allWeights) = (affinity, weight, ServiceAffinityScore.AllWeights(group));
        IsOwn = affinity.Service == group.Claim.Service;
        _values = [.. layout.Values.Select(values => values[at])];
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        _placeOf = [.. _values.Select(value => value is null ? -1 : numbers.TryGetValue(value, out var known) ? known : numbers[value] = numbers.Count)];
        _counts = new int[numbers.Count];
    }

    public string Service => _affinity.Service;

    /// <summary>The group's own tasks count.</summary>
    public bool IsOwn { get; }

    public void Add(int cell, int count)
    {
        _all += count;
        if (_placeOf[cell] >= 0)
        {
            _counts[_placeOf[cell]] += count;
        }
    }

    public double ScoreOf(int cell) => _affinity.Hard ? 0 : ServiceAffinityScore.Of(_affinity.Weight, _allWeights, CountOf(cell));

    public long PointsOf(int cell) => Points.Of(ScoreOf(cell), _weight);

    public bool Blocks(int cell) => _affinity.Hard && (_affinity.Weight < 0
        ? CountOf(cell) > 0
        : CountOf(cell) == 0 && !(IsOwn && _all == 0 && _placeOf[cell] >= 0));

    public string Reason(int cell)
    {
        var place = _values[cell] is { } value ? $"is in {_affinity.Topology.ShortName}={value}, which" : $"lacks label {_affinity.Topology.ShortName}, so that it";
        return _affinity.Weight > 0 ? $"{place} has no task of {_affinity.Name}" : $"{place} has a task of {_affinity.Name}";
    }

    public (string Text, double Size, Func<TaskGroup, TaskGroup> Change) Cure() => (
        $"make the {(_affinity.Weight > 0 ? "affinity to" : "anti-affinity against")} {_affinity.Name} soft",
        CureSize,
        group => group with { ServiceAffinities = [.. group.ServiceAffinities.Select(other => other == _affinity ? other with { Hard = false } : other)] });

    private int CountOf(int cell) => _placeOf[cell] >= 0 ? _counts[_placeOf[cell]] : 0;
}
