using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Contracts;

/// <summary>A condition on a node's attribute. Equal when written alike. Made by <see cref="ConstraintParser"/>.</summary>
public sealed class Constraint : IEquatable<Constraint>
{
    private readonly string[] _values;
    private readonly Regex? _pattern;
    private readonly double _number;

    internal Constraint(string text, NodeAttribute attribute, ConstraintOperator @operator, IReadOnlyList<string> values, Regex? pattern = null, double number = 0)
    {
        Text = text;
        Attribute = attribute;
        Operator = @operator;
        _values = [.. values];
        _pattern = pattern;
        _number = number;
    }

    public string Text { get; }
    public NodeAttribute Attribute { get; }
    public ConstraintOperator Operator { get; }
    public IReadOnlyList<string> Values => _values;

    /// <summary>Values are compared without regard to case, as Swarm does; patterns with. What a node lacks equals nothing.</summary>
    /// <param name="value">The node's; null: it lacks it.</param>
    public bool HoldsFor(string? value) => Operator switch
    {
        ConstraintOperator.Equal or ConstraintOperator.In => value is not null && IsAmongValues(value),
        ConstraintOperator.NotEqual or ConstraintOperator.NotIn => value is null || !IsAmongValues(value),
        ConstraintOperator.Exists => value is not null,
        ConstraintOperator.Greater => Number(value) > _number,
        ConstraintOperator.Less => Number(value) < _number,
        _ => value is not null && Matches(value),
    };

    /// <returns>Why it does not hold for the value, to be read after the node's name.</returns>
    public string ReasonAgainst(string? value) => (value, Operator) switch
    {
        (null, ConstraintOperator.Equal) => $"lacks label {Attribute.Label}={Values[0]}",
        (null, _) => $"lacks label {Attribute.Label} ({Text})",
        (var found, _) => $"has {Attribute.ShortName}={found}, against {Text}",
    };

    public bool Equals(Constraint? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as Constraint);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    private bool IsAmongValues(string value)
    {
        foreach (var candidate in _values)
        {
            if (string.Equals(candidate, value, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private bool Matches(string value)
    {
        try
        {
            return _pattern!.IsMatch(value);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static double Number(string? value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
