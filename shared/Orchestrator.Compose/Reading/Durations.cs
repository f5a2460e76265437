using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Compose.Reading;

/// <summary><c>1h30m</c>, <c>500ms</c>, <c>2us</c>.</summary>
internal static partial class Durations
{
    private static readonly Dictionary<string, double> Seconds = new()
    {
        ["us"] = 1e-6, ["ms"] = 1e-3, ["s"] = 1, ["m"] = 60, ["h"] = 3600, ["d"] = 86_400,
    };

    /// <returns>Seconds; null when the text is no duration.</returns>
    public static double? Parse(string text)
    {
        if (text == "0")
        {
            return 0;
        }

        var match = Pattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var sum = match.Groups["n"].Captures.Zip(match.Groups["u"].Captures)
            .Sum(part => double.Parse(part.First.ValueSpan, CultureInfo.InvariantCulture) * Seconds[part.Second.Value]);
        return double.IsFinite(sum) ? sum : null;
    }

    [GeneratedRegex(@"^(?:(?<n>\d{1,12}(?:\.\d{1,9})?)(?<u>us|ms|s|m|h|d))+$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
