namespace Orchestrator.EndToEnd.Tests;

public sealed class RestartOfSingleNode : RestartScenarios
{
    [Fact]
    public async Task ASecondProcessOnTheSameState_SaysSoAndEnds()
    {
        await using var node = await StartNodeAsync();
        var second = await Shell.RunAsync(
            "dotnet", [Repository.Program("Orchestrator.SingleNode", "Orchestrator.SingleNode"), "--state", node.State, "--port", $"{SingleNode.FreePort()}"]);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("another process", second.Error, StringComparison.Ordinal);
        Assert.Equal(0, await node.StopAsync());
    }

    protected override async Task<IInstallation> StartAsync() => await StartNodeAsync();

    private static async Task<SingleNode> StartNodeAsync()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        await Engine.ImageAsync(1);
        return await SingleNode.StartAsync();
    }
}
