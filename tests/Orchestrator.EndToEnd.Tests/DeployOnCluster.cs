namespace Orchestrator.EndToEnd.Tests;

public sealed class DeployOnCluster(SharedCluster shared) : DeployScenarios
{
    protected override IInstallation Node => shared.Cluster;

    /// <summary>On the single node it runs in the default lane, too.</summary>
    [Fact]
    [Trait("Lane", "faults")]
    public override Task AChangedImage_ReplacesTasksOneByOne_AndNoRequestIsLost() => base.AChangedImage_ReplacesTasksOneByOne_AndNoRequestIsLost();
}
