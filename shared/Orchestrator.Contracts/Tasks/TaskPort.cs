namespace Orchestrator.Contracts;

/// <summary>A published port as it is bound on the node.</summary>
public sealed record TaskPort
{
    public required int Target { get; init; }
    public required int Published { get; init; }
    public required PortProtocol Protocol { get; init; }
    public required PortMode Mode { get; init; }
    public string? HostIp { get; init; }
}
