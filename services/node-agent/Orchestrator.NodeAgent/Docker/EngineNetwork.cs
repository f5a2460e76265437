namespace Orchestrator.NodeAgent.Docker;

/// <param name="Gateway">The node's own address in it; null: the engine gave it none.</param>
/// <param name="Device">The bridge.</param>
internal sealed record EngineNetwork(string? Gateway, string Device)
{
    private const int DeviceId = 12;
    private const string NameOption = "com.docker.network.bridge.name";

    /// <summary>An engine that was started again may write the gateway with its prefix length.</summary>
    public static EngineNetwork Of(string networkId, string? gateway, IDictionary<string, string>? options) => new(
        string.IsNullOrEmpty(gateway) ? null : gateway.Split('/')[0],
        options?.TryGetValue(NameOption, out var name) == true ? name : "br-" + networkId[..DeviceId]);
}
