namespace Orchestrator.EndToEnd.Tests;

public sealed class DeployOnRabbitMq(DeployOnRabbitMq.BrokerNode fixture) : DeployScenarios, IClassFixture<DeployOnRabbitMq.BrokerNode>
{
    protected override SingleNode Node
    {
        get
        {
            Assert.SkipUnless(Engine.IsThere, Engine.Missing);
            Assert.SkipUnless(fixture.Node is not null, Broker.Missing);
            return fixture.Node;
        }
    }

    /// <summary>A node on a real broker.</summary>
    public sealed class BrokerNode : IAsyncLifetime
    {
        private Broker? _broker;

        public SingleNode? Node { get; private set; }

        public async ValueTask InitializeAsync()
        {
            _broker = Engine.IsThere ? await Broker.TryCreateAsync() : null;
            if (_broker is not null)
            {
                await Engine.ImageAsync(1);
                Node = await SingleNode.StartAsync(_broker.Uri);
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (Node is not null)
            {
                await Node.DisposeAsync();
            }

            if (_broker is not null)
            {
                await _broker.DisposeAsync();
            }
        }
    }
}
