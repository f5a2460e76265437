using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Compose.Reading;

/// <summary><c>$NAME</c>, <c>${NAME}</c>, <c>${NAME:-default}</c>, <c>${NAME-default}</c>, <c>${NAME:?error}</c>, <c>${NAME?error}</c>, <c>${NAME:+text}</c>, <c>${NAME+text}</c>, <c>$$</c>.</summary>
internal static partial class Interpolation
{
    private const int MaxDepth = 16;

    /// <param name="text">The text as written.</param>
    /// <param name="variables">Known values.</param>
    /// <param name="onError">Told what is wrong.</param>
    public static string Expand(string text, IReadOnlyDictionary<string, string> variables, Action<string> onError) =>
        text.Contains('$', StringComparison.Ordinal) ? Expand(text, variables, onError, 1) : text;

    /// <summary>Names that a text asks for, also where it is otherwise wrong.</summary>
    public static IReadOnlySet<string> Names(string text) => Asked().Matches(text).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

    private static string Expand(string text, IReadOnlyDictionary<string, string> variables, Action<string> onError, int depth)
    {
        if (depth > MaxDepth)
        {
            onError("defaults are nested too deeply");
            return "";
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$')
            {
                result.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == '$')
            {
                result.Append('$');
                i++;
            }
            else if (i + 1 < text.Length && text[i + 1] == '{')
            {
                var end = ClosingBrace(text, i + 2);
                if (end < 0)
                {
                    onError($"'{text}': a closing brace is missing; write ${{NAME}}, or $$ for a dollar sign");
                    return result.ToString();
                }

                result.Append(Braced(text[(i + 2)..end], variables, onError, depth));
                i = end;
            }
            else
            {
                var name = NameAt(text, i + 1);
                if (name.Length == 0)
                {
                    onError($"'{text}': a dollar sign without a name; write $$ for a dollar sign");
                    return result.ToString();
                }

                result.Append(Value(name, variables, onError));
                i += name.Length;
            }
        }

        return result.ToString();
    }

    private static string Braced(string inside, IReadOnlyDictionary<string, string> variables, Action<string> onError, int depth)
    {
        var name = NameAt(inside, 0);
        var rest = inside[name.Length..];
        if (name.Length == 0)
        {
            onError($"'${{{inside}}}': this is no name; write ${{NAME}} or ${{NAME:-default}}");
            return "";
        }

        if (rest.Length == 0)
        {
            return Value(name, variables, onError);
        }

        var orEmpty = rest[0] == ':';
        var operation = orEmpty ? (rest.Length > 1 ? rest[1] : ' ') : rest[0];
        var argument = rest[(orEmpty ? Math.Min(2, rest.Length) : 1)..];
        var has = variables.TryGetValue(name, out var value) && !(orEmpty && value.Length == 0);
        switch (operation)
        {
            case '-':
                return has ? value! : Expand(argument, variables, onError, depth + 1);
            case '+':
                return has ? Expand(argument, variables, onError, depth + 1) : "";
            case '?':
                if (!has)
                {
                    onError($"variable {name} is required{(argument.Length > 0 ? ": " + argument : "")}; set it");
                }

                return value ?? "";
            default:
                onError($"'${{{inside}}}': this is not understood; write ${{{name}}} or ${{{name}:-default}}");
                return "";
        }
    }

    private static string Value(string name, IReadOnlyDictionary<string, string> variables, Action<string> onError)
    {
        if (variables.TryGetValue(name, out var value))
        {
            return value;
        }

        onError($"variable {name} is not set; set it, or write ${{{name}:-default}}");
        return "";
    }

    private static string NameAt(string text, int start)
    {
        var end = start;
        while (end < text.Length && (char.IsAsciiLetter(text[end]) || text[end] == '_' || (end > start && char.IsAsciiDigit(text[end]))))
        {
            end++;
        }

        return text[start..end];
    }

    private static int ClosingBrace(string text, int start)
    {
        var open = 1;
        for (var i = start; i < text.Length; i++)
        {
            open += text[i] == '}' ? -1 : text[i] == '{' && text[i - 1] == '$' ? 1 : 0;
            if (open == 0)
            {
                return i;
            }
        }

        return -1;
    }

    [GeneratedRegex(@"(?<!\$)(?:\$\$)*\$\{?(?<name>[A-Za-z_][A-Za-z0-9_]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Asked();
}
