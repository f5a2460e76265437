namespace Orchestrator.NodeAgent.Ports;

internal sealed record HoldingProgram(string Name, string Process)
{
    /// <summary>It holds ports for containers.</summary>
    public bool IsEngine => Name is "docker-proxy" or "dockerd" or "rootlesskit" or "rootlessport";

    public override string ToString() => $"{Name}, process {Process}";
}
