using Orchestrator.Compose.Yaml;

namespace Orchestrator.Compose.Reading;

/// <summary>Collects what is wrong, and turns values into what is expected.</summary>
internal sealed class Messages(ComposeInput input)
{
    private const double MaxSeconds = 86_400;
    private readonly List<ComposeMessage> _errors = [];
    private readonly List<ComposeMessage> _warnings = [];

    public ComposeInput Input { get; } = input;

    public IReadOnlyList<ComposeMessage> Errors => [.. _errors.Distinct().OrderBy(error => error.Line).ThenBy(error => error.Column)];

    public IReadOnlyList<ComposeMessage> Warnings => [.. _warnings.Distinct().OrderBy(warning => warning.Line).ThenBy(warning => warning.Column)];

    public void Error(int line, int column, string key, string text) => _errors.Add(new ComposeMessage(Input.FileName, line, column, key, text));

    public void Error(YamlNode at, string key, string text) => Error(at.Line, at.Column, key, text);

    public void Warn(YamlNode at, string key, string text) => _warnings.Add(new ComposeMessage(Input.FileName, at.Line, at.Column, key, text));

    /// <returns>Null after an error.</returns>
    public string? Text(YamlNode node, string key)
    {
        if (node is not YamlScalar scalar || scalar.IsNull)
        {
            Error(node, key, $"{node.Kind} cannot be here; write a text");
            return null;
        }

        if (scalar.Value.Contains('\0', StringComparison.Ordinal))
        {
            Error(node, key, "there is a NUL character in it, which no container takes; remove it");
            return null;
        }

        var before = _errors.Count;
        var text = Interpolation.Expand(scalar.Value, Input.Variables, problem => Error(node, key, problem));
        return _errors.Count == before ? text : null;
    }

    public int? Integer(YamlNode node, string key, int least, int most) =>
        Value(node, key, $"a whole number from {least} to {most}", text =>
            int.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most ? number : (int?)null);

    public double? Number(YamlNode node, string key, double least, double most) =>
        Value(node, key, $"a number from {least.ToString(System.Globalization.CultureInfo.InvariantCulture)} to {most.ToString(System.Globalization.CultureInfo.InvariantCulture)}", text =>
            double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most ? number : (double?)null);

    public bool? Boolean(YamlNode node, string key) => Value(node, key, "true or false", text => text switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => (bool?)null,
    });

    /// <returns>Seconds, at most a day.</returns>
    public double? Duration(YamlNode node, string key) => Value(node, key, "a duration such as 10s or 1m30s, at most 24h", text =>
        Durations.Parse(text) is { } seconds and <= MaxSeconds ? seconds : (double?)null);

    public long? Bytes(YamlNode node, string key) => Value(node, key, "an amount such as 64m or 1.5gb", ByteSizes.Parse);

    /// <summary>One of several words.</summary>
    public T? Word<T>(YamlNode node, string key, IReadOnlyDictionary<string, T> words)
        where T : struct =>
        Value(node, key, string.Join(", ", words.Keys.SkipLast(1)) + (words.Count > 1 ? " or " : "") + words.Keys.Last(), text =>
            words.TryGetValue(text, out var word) ? word : (T?)null);

    public IReadOnlyList<string>? Texts(YamlNode node, string key)
    {
        if (node is not YamlList list)
        {
            Error(node, key, $"{node.Kind} cannot be here; write a list");
            return null;
        }

        var texts = list.Items.Select((item, i) => Text(item, $"{key}[{i}]")).ToList();
        return texts.Contains(null) ? null : [.. texts.OfType<string>()];
    }

    public T? Value<T>(YamlNode node, string key, string expected, Func<string, T?> parse)
        where T : struct
    {
        if (node is not YamlScalar)
        {
            Error(node, key, $"{node.Kind} cannot be here; write {expected}");
            return null;
        }

        if (Text(node, key) is not { } text)
        {
            return null;
        }

        var value = parse(text);
        if (value is null)
        {
            Error(node, key, $"'{text}' cannot be here; write {expected}");
        }

        return value;
    }
}
