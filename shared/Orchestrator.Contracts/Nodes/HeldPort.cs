namespace Orchestrator.Contracts;

/// <summary>A port of a node that a program has which is not the cluster's.</summary>
public sealed record HeldPort
{
    public required int Port { get; init; }
    public PortProtocol Protocol { get; init; } = PortProtocol.Tcp;

    /// <summary>The node's address on which it listens; <c>0.0.0.0</c> and <c>::</c>: all of IPv4, all of IPv6; null: all of both.</summary>
    public string? Address { get; init; }

    /// <summary>Who: <c>nginx, process 812</c>, <c>container proxy</c>.</summary>
    public required string Holder { get; init; }
}
