namespace Orchestrator.Contracts;

/// <summary>What the agent asks of a container (<c>x-orchestrator.probes</c>), with Kubernetes' meaning.</summary>
public sealed record ProbesSpec
{
    /// <summary>Until it passes the others do not run; when it fails the container is replaced.</summary>
    public ProbeSpec? Startup { get; init; }

    /// <summary>Until it passes, and while it fails, the container is out of routing. It is never replaced for it.</summary>
    public ProbeSpec? Readiness { get; init; }

    /// <summary>When it fails the container is replaced.</summary>
    public ProbeSpec? Liveness { get; init; }
}
