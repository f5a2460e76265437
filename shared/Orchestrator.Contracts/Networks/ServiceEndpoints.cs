namespace Orchestrator.Contracts;

/// <summary>A service as nodes route to it.</summary>
public sealed record ServiceEndpoints
{
    public required string ServiceId { get; init; }
    public required string App { get; init; }
    public required string Service { get; init; }

    /// <summary>Grows with each change; a node drops one older than it has.</summary>
    public required long Version { get; init; }

    /// <summary>It is gone, and so is all that leads to it.</summary>
    public bool Removed { get; init; }

    /// <summary>Its one address; null with <see cref="EndpointMode.Dnsrr"/>.</summary>
    public string? Vip { get; init; }

    public NetworkSpec Network { get; init; } = new();

    /// <summary>Published ports of mode ingress.</summary>
    public IReadOnlyList<PortSpec> Ports { get; init; } = [];

    public IReadOnlyList<TaskEndpoint> Tasks { get; init; } = [];
}
