namespace Orchestrator.Compose.Reading;

/// <summary>Lines of <c>KEY=value</c>, as Docker reads them.</summary>
public static class EnvFile
{
    /// <param name="text">The file.</param>
    /// <param name="onError">Told the line, from 1, and what is wrong.</param>
    /// <returns>By key; null for a key without a value, to be taken from elsewhere.</returns>
    public static IReadOnlyDictionary<string, string?> Parse(string text, Action<int, string> onError)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line.StartsWith("export ", StringComparison.Ordinal))
            {
                line = line["export ".Length..].TrimStart();
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var key = (equals < 0 ? line : line[..equals]).TrimEnd();
            if (key.Length == 0 || key.Any(char.IsWhiteSpace))
            {
                onError(i + 1, $"'{line}' is no KEY=value");
                continue;
            }

            values[key] = equals < 0 ? null : Value(line[(equals + 1)..].Trim());
        }

        return values;
    }

    private static string Value(string text)
    {
        if (text.Length > 1 && text[0] is '"' or '\'' && text.LastIndexOf(text[0]) is > 0 and var end)
        {
            var inside = text[1..end];
            return text[0] == '\'' ? inside : inside.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        }

        var comment = text.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? text : text[..comment].TrimEnd();
    }
}
