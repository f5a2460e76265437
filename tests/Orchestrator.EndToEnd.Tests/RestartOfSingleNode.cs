namespace Orchestrator.EndToEnd.Tests;

public sealed class RestartOfSingleNode : RestartScenarios, IAsyncDisposable
{
    private readonly List<SingleNode> _started = [];

    [Fact]
    public async Task ASecondProcessOnTheSameState_SaysSoAndEnds()
    {
        var node = await StartNodeAsync();
        var second = await Shell.RunAsync(
            "dotnet", [Repository.Program("Orchestrator.SingleNode", "Orchestrator.SingleNode"), "--state", node.State, "--port", $"{SingleNode.FreePort()}"]);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("another process", second.Error, StringComparison.Ordinal);
        Assert.Equal(0, await node.StopAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _started)
        {
            await node.DisposeAsync();
        }
    }

    protected override async Task<IInstallation> StartAsync() => await StartNodeAsync();

    protected override async Task<IInstallation> StartAnotherAsync() => await StartNodeAsync();

    private async Task<SingleNode> StartNodeAsync()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        await Engine.ImageAsync(1);
        _started.Add(await SingleNode.StartAsync());
        return _started[^1];
    }
}
