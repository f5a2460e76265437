namespace Orchestrator.EndToEnd.Tests;

public sealed class DeployOnCluster(SharedCluster shared) : DeployScenarios
{
    protected override IInstallation Node => shared.Cluster;
}
