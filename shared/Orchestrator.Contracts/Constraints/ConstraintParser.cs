using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Contracts;

/// <summary><c>node.labels.zone == b</c>, and further <c>in</c>, <c>notin</c>, <c>exists</c>, <c>&gt;</c>, <c>&lt;</c>, <c>~=</c>.</summary>
public static partial class ConstraintParser
{
    public const int MaxLength = 1024;
    public const int MaxPatternLength = 256;

    /// <summary>How often all the counted repetitions of a pattern, one in another, may come to.</summary>
    public const int MaxRepetitions = 1000;

    public const string Operators = "==, !=, in, notin, exists, >, < or ~=";
    public static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(50);

    public static ParsedConstraint Parse(string text)
    {
        text = text.Trim();
        if (text.Length > MaxLength)
        {
            return new(null, $"a constraint has {text.Length} characters; write {MaxLength} at most");
        }

        if (Form().Match(text) is not { Success: true } match)
        {
            return Wrong(text, $"is no constraint; write ATTRIBUTE OPERATOR VALUE, as node.labels.zone==b; operators are {Operators}");
        }

        if (NodeAttribute.Parse(match.Groups["attribute"].Value) is not { } attribute)
        {
            return Wrong(text, $"names an attribute that is not known, '{match.Groups["attribute"].Value}'; write {NodeAttribute.Known}");
        }

        var value = match.Groups["value"].Value.Trim();
        return match.Groups["operator"].Value.ToLowerInvariant() switch
        {
            "==" => Compare(text, attribute, ConstraintOperator.Equal, [value]),
            "!=" => Compare(text, attribute, ConstraintOperator.NotEqual, [value]),
            "in" => Compare(text, attribute, ConstraintOperator.In, List(value)),
            "notin" => Compare(text, attribute, ConstraintOperator.NotIn, List(value)),
            "exists" => value.Length == 0
                ? new(new Constraint(text, attribute, ConstraintOperator.Exists, []), null)
                : Wrong(text, $"has '{value}' after 'exists', which takes no value; write {attribute} exists"),
            ">" => Number(text, attribute, ConstraintOperator.Greater, value),
            "<" => Number(text, attribute, ConstraintOperator.Less, value),
            "~=" => Pattern(text, attribute, value),
            "=" => Wrong(text, $"has a single '='; write {attribute}=={value}"),
            var unknown => Wrong(text, $"has an operator that is not known, '{unknown}'; write {Operators}"),
        };
    }

    private static ParsedConstraint Compare(string text, NodeAttribute attribute, ConstraintOperator @operator, IReadOnlyList<string> values)
    {
        if (values.Count == 0 || values.Any(value => value.Length == 0))
        {
            return Wrong(text, $"has no value; write one after the operator, as {attribute}=={Example(attribute)}");
        }

        if (attribute.Kind == NodeAttributeKind.Role && values.FirstOrDefault(value => value.ToLowerInvariant() is not ("manager" or "worker")) is { } role)
        {
            return Wrong(text, $"names a role that is not known, '{role}'; write manager or worker");
        }

        return new(new Constraint(text, attribute, @operator, attribute.Kind == NodeAttributeKind.Architecture ? [.. values.Select(NodePlatform.Normal)] : values), null);
    }

    private static ParsedConstraint Number(string text, NodeAttribute attribute, ConstraintOperator @operator, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new(new Constraint(text, attribute, @operator, [value], number: number), null)
            : Wrong(text, $"compares with '{value}', which is no number; write one, as {attribute}>4");

    private static ParsedConstraint Pattern(string text, NodeAttribute attribute, string value)
    {
        if (value.Length is 0 or > MaxPatternLength)
        {
            return Wrong(text, $"has a pattern of {value.Length} characters; write 1 to {MaxPatternLength}");
        }

        if (Repetitions(value) > MaxRepetitions)
        {
            return Wrong(text, $"has a pattern that repeats more than {MaxRepetitions} times; write smaller numbers in the braces, or + or *");
        }

        try
        {
            var pattern = new Regex(value, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, MatchTimeout);
            return new(new Constraint(text, attribute, ConstraintOperator.Matches, [value], pattern), null);
        }
        catch (ArgumentException problem)
        {
            return Wrong(text, $"has a pattern that cannot be read: {FirstLine(problem.Message)}; write a regular expression");
        }
        catch (NotSupportedException)
        {
            return Wrong(text, "has a pattern that looks back or ahead; write it without back-references, look-arounds and atomic groups");
        }
    }

    /// <summary>The product is what the pattern comes to when all stand in one another.</summary>
    private static double Repetitions(string pattern) => Braces().Matches(pattern)
        .Select(match => match.Groups["max"] is { Length: > 0 } max ? max.Value : match.Groups["min"].Value)
        .Aggregate(1.0, (product, count) => product * Math.Max(1, double.Parse(count, CultureInfo.InvariantCulture)));

    private static string[] List(string value) =>
        [.. (value.StartsWith('(') && value.EndsWith(')') ? value[1..^1] : value).Split(',', StringSplitOptions.TrimEntries)];

    private static string Example(NodeAttribute attribute) => attribute.Kind switch
    {
        NodeAttributeKind.Role => "worker",
        NodeAttributeKind.Os => "linux",
        NodeAttributeKind.Architecture => "amd64",
        _ => "b",
    };

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd('.', '\r');

    private static ParsedConstraint Wrong(string text, string problem) => new(null, $"'{text}' {problem}");

    [GeneratedRegex(@"^(?<attribute>[\w./-]+)\s*(?:(?<operator>[=!<>~]+)|(?<=\s)(?<operator>[A-Za-z]+)(?![\w./-]))\s*(?<value>.*)$", RegexOptions.Singleline | RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Form();

    [GeneratedRegex(@"\{(?<min>\d+)(?:,(?<max>\d*))?\}", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Braces();
}
