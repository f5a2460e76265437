namespace Orchestrator.Compose.Reading;

/// <summary>Finds what somebody probably meant.</summary>
internal static class Suggestion
{
    private const int MaxDistance = 2;

    public static string ForKey(string key, IEnumerable<string> known) => Nearest(key, known) ?? "remove it, or write x- before it";

    public static string ForName(string name, IEnumerable<string> known) => Nearest(name, known) ?? "remove it";

    private static string? Nearest(string word, IEnumerable<string> known)
    {
        var best = known.Select(name => (Name: name, Distance: Distance(word, name))).OrderBy(pair => pair.Distance).ThenBy(pair => pair.Name, StringComparer.Ordinal).FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Min(MaxDistance, word.Length / 2) ? $"did you mean '{best.Name}'?" : null;
    }

    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > MaxDistance)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = row[j];
                row[j] = change;
            }
        }

        return row[b.Length];
    }
}
