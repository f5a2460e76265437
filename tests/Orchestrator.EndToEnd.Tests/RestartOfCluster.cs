namespace Orchestrator.EndToEnd.Tests;

public sealed class RestartOfCluster : RestartScenarios
{
    protected override async Task<IInstallation> StartAsync()
    {
        var missing = await Cluster.MissingAsync();
        Assert.SkipUnless(missing is null, missing ?? "");
        await Engine.ImageAsync(1);
        return await Cluster.StartAloneAsync();
    }
}
