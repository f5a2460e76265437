[assembly: AssemblyFixture(typeof(Orchestrator.EndToEnd.Tests.SharedNode))]

namespace Orchestrator.EndToEnd.Tests;

/// <summary>One node on the in-memory bus for all tests that only need applications of their own.</summary>
public sealed class SharedNode : IAsyncLifetime
{
    private SingleNode? _node;

    public SingleNode Node
    {
        get
        {
            Assert.SkipUnless(Engine.IsThere, Engine.Missing);
            return _node!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (Engine.IsThere)
        {
            await Engine.ImageAsync(1);
            _node = await SingleNode.StartAsync(options: new Dictionary<string, string> { ["NodeAgent__HeldPortsInterval"] = "00:00:01" });
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
