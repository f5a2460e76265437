namespace Orchestrator.EndToEnd.Tests;

[Trait("Lane", "faults")]
public sealed class RestartOfCluster(OwnCluster own, SharedCluster shared) : RestartScenarios, IClassFixture<OwnCluster>
{
    /// <summary>The tests of a class run one after the other: one cluster is enough.</summary>
    protected override async Task<IInstallation> StartAsync()
    {
        await own.Cluster.StartAgainAsync();
        return own.Cluster;
    }

    protected override Task<IInstallation> StartAnotherAsync() => Task.FromResult<IInstallation>(shared.Cluster);
}
