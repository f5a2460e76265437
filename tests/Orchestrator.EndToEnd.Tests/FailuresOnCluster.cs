namespace Orchestrator.EndToEnd.Tests;

[Trait("Lane", "faults")]
public sealed class FailuresOnCluster(SharedCluster shared) : FailureScenarios
{
    protected override IInstallation Node => shared.Cluster;
}
