namespace Orchestrator.EndToEnd.Tests;

[Trait("Lane", "faults")]
public sealed class ComposeKeysOnCluster(ComposeKeysOnCluster.OnCluster deployed) : ComposeKeys(deployed), IClassFixture<ComposeKeysOnCluster.OnCluster>
{
    public sealed class OnCluster() : Deployed(Cluster.MissingAsync, async () => await Cluster.StartAloneAsync());
}
