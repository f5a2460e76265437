namespace Orchestrator.EndToEnd.Tests;

/// <summary>A node that the tests of a class stop and start as they like.</summary>
public sealed class OwnNode : IAsyncLifetime
{
    private SingleNode? _node;

    /// <returns>It runs. Skips the test where the machine lacks something.</returns>
    public async Task<SingleNode> StartAsync()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        await _node!.StartAgainAsync();
        return _node;
    }

    public async ValueTask InitializeAsync()
    {
        if (Engine.IsThere)
        {
            await Engine.ImageAsync(1);
            _node = await SingleNode.StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }
}
