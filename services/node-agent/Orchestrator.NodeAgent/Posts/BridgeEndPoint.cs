using System.Net;

namespace Orchestrator.NodeAgent.Posts;

/// <summary>Where containers of one network reach their node.</summary>
/// <param name="address">The bridge's own.</param>
/// <param name="port">On it.</param>
/// <param name="device">The bridge: what comes from elsewhere is not let in.</param>
internal sealed class BridgeEndPoint(IPAddress address, int port, string device) : IPEndPoint(address, port)
{
    public string Device { get; } = device;
}
