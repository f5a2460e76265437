namespace Orchestrator.Contracts;

/// <summary>The standard <c>grpc.health.v1.Health/Check</c>; SERVING is good.</summary>
public sealed record GrpcProbeSpec
{
    public int Port { get; init; }

    /// <summary>What is asked for; empty: the server as a whole.</summary>
    public string Service { get; init; } = "";
}
