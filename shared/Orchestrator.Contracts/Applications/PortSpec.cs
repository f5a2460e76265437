namespace Orchestrator.Contracts;

/// <summary>A published port.</summary>
public sealed record PortSpec
{
    /// <summary>The container's port, 1–65535.</summary>
    public int Target { get; init; }

    /// <summary>The node's port; null: a free one, told in the task's ports.</summary>
    public int? Published { get; init; }

    public PortProtocol Protocol { get; init; } = PortProtocol.Tcp;
    public PortMode Mode { get; init; } = PortMode.Ingress;

    /// <summary>The node's address to listen on; null: all.</summary>
    public string? HostIp { get; init; }
}
