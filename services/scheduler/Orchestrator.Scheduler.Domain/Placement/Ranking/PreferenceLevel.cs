using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Placement.Ranking;

/// <summary>One spread preference: the tasks of the service by its values, within each combination of values of those before it.</summary>
internal sealed class PreferenceLevel
{
    private readonly SpreadPreference _preference;
    private readonly int _level;
    private readonly double _share;
    private readonly double _weight;
    private readonly Layout _layout;
    private readonly int[] _domainOf;
    private readonly int[] _parentOf;
    private readonly int[] _counts;
    private readonly bool[] _eligible;
    private readonly int[] _fewestOpen;
    private readonly int[] _fewestEligible;

    public PreferenceLevel(TaskGroup group, int level, Layout layout, GroupRanking ranking, double weight)
    {
        _preference = group.Preferences[level];
        (_level, _layout, _weight) = (level, layout, weight);
        _share = PreferenceScore.LevelWeight(level, group.Preferences.Count);
        var cells = layout.Slots.Length;
        _domainOf = layout.NumberOf(0, level + 1);
        var parents = layout.NumberOf(0, level);
        var domains = cells == 0 ? 0 : _domainOf.Max() + 1;
        _parentOf = new int[domains];
        _counts = new int[domains];
        _eligible = new bool[domains];
        for (var cell = 0; cell < cells; cell++)
        {
            _parentOf[_domainOf[cell]] = parents[cell];
            _eligible[_domainOf[cell]] |= ranking.AnyStands(cell) && ValueOf(cell) is not null;
        }

        _fewestOpen = new int[cells == 0 ? 0 : parents.Max() + 1];
        _fewestEligible = new int[_fewestOpen.Length];
    }

    public void Add(int cell, int count) => _counts[_domainOf[cell]] += count;

    public void Settle(bool[] open)
    {
        Array.Fill(_fewestOpen, int.MaxValue);
        Array.Fill(_fewestEligible, int.MaxValue);
        for (var cell = 0; cell < open.Length; cell++)
        {
            if (open[cell])
            {
                Lower(_fewestOpen, cell);
            }
        }

        for (var domain = 0; domain < _counts.Length; domain++)
        {
            if (_eligible[domain])
            {
                _fewestEligible[_parentOf[domain]] = Math.Min(_fewestEligible[_parentOf[domain]], _counts[domain]);
            }
        }
    }

    /// <summary>0…100 of this preference's share of all.</summary>
    public double ScoreOf(int cell)
    {
        var domain = _domainOf[cell];
        var fewest = Math.Min(_fewestOpen[_parentOf[domain]], _counts[domain]);
        return PreferenceScore.Of(_counts[domain], fewest, _preference.MaxSkew) * _share;
    }

    public long PointsOf(int cell) => Points.Of(ScoreOf(cell), _weight);

    public bool Blocks(int cell)
    {
        var domain = _domainOf[cell];
        return _preference.Hard && (ValueOf(cell) is null || Lead(domain) > _preference.MaxSkew);
    }

    public string Reason(int cell)
    {
        var domain = _domainOf[cell];
        return ValueOf(cell) is { } value
            ? $"is in {_preference.Attribute.ShortName}={value}, which has {_counts[domain]} of the service where the fewest is {_counts[domain] + 1 - Lead(domain)}: maxSkew is {_preference.MaxSkew}"
            : $"lacks label {_preference.Attribute.ShortName} to spread over";
    }

    public (string Text, double Size, Func<TaskGroup, TaskGroup> Change) Cure(int cell)
    {
        const double raiseSize = 0.5;
        const double softenSize = 0.7;
        var skew = Lead(_domainOf[cell]);
        return ValueOf(cell) is null
            ? ($"make the spread over {_preference.Attribute.ShortName} soft", softenSize, group => Change(group, _preference with { Hard = false }))
            : ($"raise maxSkew of {_preference.Attribute.ShortName} to {skew}", raiseSize, group => Change(group, _preference with { MaxSkew = skew }));
    }

    private TaskGroup Change(TaskGroup group, SpreadPreference preference) => group with
    {
        Preferences = [.. group.Preferences.Select((old, i) => i == _level ? preference : old)],
    };

    /// <summary>How many more the domain would have than the one with the fewest, with one more task.</summary>
    private int Lead(int domain) =>
        _counts[domain] + 1 - Math.Min(_fewestEligible[_parentOf[domain]], _counts[domain] + 1);

    private string? ValueOf(int cell) => _layout.Values[cell][_level];

    private void Lower(int[] fewest, int cell)
    {
        var domain = _domainOf[cell];
        fewest[_parentOf[domain]] = Math.Min(fewest[_parentOf[domain]], _counts[domain]);
    }
}
