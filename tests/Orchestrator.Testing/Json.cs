using System.Text.Json;

namespace Orchestrator.Testing;

public static class Json
{
    /// <summary>A member as text; empty when it is absent or null.</summary>
    public static string Text(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.String => value.GetString()!,
            _ => value.GetRawText(),
        }
        : "";

    /// <summary>Follows a path of member names.</summary>
    public static JsonElement At(this JsonElement element, params IEnumerable<string> path) =>
        path.Aggregate(element, (at, name) => at.GetProperty(name));
}
