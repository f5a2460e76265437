using System.Text.Json;

namespace Orchestrator.NodeAgent.Network;

/// <summary>Devices of the machine's network, as <c>ip</c> tells them.</summary>
internal static class Devices
{
    /// <returns>Null: there is none of that name.</returns>
    public static async Task<JsonElement?> OfAsync(string name, CancellationToken cancellation)
    {
        var (code, text, _) = await Tool.TryAsync("ip", ["-j", "-d", "link", "show", name], null, cancellation);
        return code == 0 ? JsonDocument.Parse(text).RootElement[0] : null;
    }

    public static string? KindOf(JsonElement link) =>
        link.TryGetProperty("linkinfo", out var info) && info.TryGetProperty("info_kind", out var kind) ? kind.GetString() : null;
}
