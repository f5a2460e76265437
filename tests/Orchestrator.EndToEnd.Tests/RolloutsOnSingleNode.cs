namespace Orchestrator.EndToEnd.Tests;

public sealed class RolloutsOnSingleNode(SharedNode shared) : RolloutScenarios
{
    protected override IInstallation Node => shared.Node;
}
