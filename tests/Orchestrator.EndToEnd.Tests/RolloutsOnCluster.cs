namespace Orchestrator.EndToEnd.Tests;

[Trait("Lane", "faults")]
public sealed class RolloutsOnCluster(SharedCluster shared) : RolloutScenarios
{
    protected override IInstallation Node => shared.Cluster;
}
