namespace Orchestrator.EndToEnd.Tests;

public sealed class DeployInMemory(SharedNode shared) : DeployScenarios
{
    protected override IInstallation Node => shared.Node;
}
