namespace Orchestrator.EndToEnd.Tests;

public sealed class DeployOnRabbitMq(BrokerNode fixture) : DeployScenarios, IClassFixture<BrokerNode>
{
    protected override SingleNode Node => fixture.Node;
}
