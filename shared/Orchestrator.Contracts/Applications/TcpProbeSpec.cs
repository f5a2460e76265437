namespace Orchestrator.Contracts;

/// <summary>A connection to the container's own address; it is good when it opens.</summary>
public sealed record TcpProbeSpec
{
    public int Port { get; init; }
}
