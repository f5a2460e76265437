namespace Orchestrator.Contracts;

/// <summary>A node keeps tasks away that do not tolerate this.</summary>
public sealed record NodeTaint
{
    public required string Key { get; init; }
    public string Value { get; init; } = "";
    public TaintEffect Effect { get; init; }

    /// <summary>When it came; the scheduler sets it.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary><c>KEY[=VALUE]:EFFECT</c></summary>
    /// <returns>Null where it is no taint.</returns>
    public static NodeTaint? Parse(string text)
    {
        var end = text.LastIndexOf(':');
        var parts = text[..Math.Max(0, end)].Split('=', 2);
        return parts[0].Trim().Length > 0 && Enum.TryParse<TaintEffect>(text[(end + 1)..].Trim(), ignoreCase: true, out var effect) && Enum.IsDefined(effect)
            ? new NodeTaint { Key = parts[0].Trim(), Value = parts.ElementAtOrDefault(1)?.Trim() ?? "", Effect = effect }
            : null;
    }
}
