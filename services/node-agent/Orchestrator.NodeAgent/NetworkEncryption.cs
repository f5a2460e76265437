namespace Orchestrator.NodeAgent;

/// <summary>How packets between nodes are kept from others.</summary>
public enum NetworkEncryption
{
    None,
    WireGuard,
}
