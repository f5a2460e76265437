using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Compose.Reading;

/// <summary><c>64m</c>, <c>1.5gb</c>, <c>1048576</c>: powers of 1024, as Docker counts.</summary>
internal static partial class ByteSizes
{
    /// <returns>Null when the text is no size.</returns>
    public static long? Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var power = "bkmgt".IndexOf(match.Groups["u"].Value.ToLowerInvariant() is { Length: > 0 } unit ? unit[0] : 'b', StringComparison.Ordinal);
        var bytes = double.Parse(match.Groups["n"].ValueSpan, CultureInfo.InvariantCulture) * Math.Pow(1024, power);
        return bytes <= long.MaxValue / 2 ? (long)bytes : null;
    }

    [GeneratedRegex(@"^(?<n>\d{1,15}(\.\d{1,9})?)\s*(?<u>b|[kmgt]i?b?)?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
