namespace Orchestrator.EndToEnd.Tests;

public sealed class DeployInMemory(SharedNode shared) : DeployScenarios
{
    protected override SingleNode Node => shared.Node;
}
