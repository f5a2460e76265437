namespace Orchestrator.EndToEnd.Tests;

/// <summary>A node on a virtual host of a real broker.</summary>
public sealed class BrokerNode : IAsyncLifetime
{
    private Broker? _broker;
    private SingleNode? _node;

    public SingleNode Node
    {
        get
        {
            Require();
            return _node!;
        }
    }

    public Broker Broker
    {
        get
        {
            Require();
            return _broker!;
        }
    }

    /// <summary>Skips the test where the machine lacks something.</summary>
    public void Require()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        Assert.SkipUnless(_broker is not null, Testing.Broker.Missing);
    }

    public async ValueTask InitializeAsync()
    {
        _broker = Engine.IsThere ? await Testing.Broker.TryCreateAsync() : null;
        if (_broker is not null)
        {
            await Engine.ImageAsync(1);
            _node = await SingleNode.StartAsync(_broker.Uri);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }
}
