namespace Orchestrator.NodeAgent.Domain.Probes;

public enum ProbeStanding
{
    /// <summary>Not enough answers yet.</summary>
    Open,
    Passed,
    Failed,
}
