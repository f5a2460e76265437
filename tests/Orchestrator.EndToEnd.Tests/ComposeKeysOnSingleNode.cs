namespace Orchestrator.EndToEnd.Tests;

public sealed class ComposeKeysOnSingleNode(ComposeKeysOnSingleNode.OnSingleNode deployed) : ComposeKeys(deployed), IClassFixture<ComposeKeysOnSingleNode.OnSingleNode>
{
    public sealed class OnSingleNode() : Deployed(() => System.Threading.Tasks.Task.FromResult(SingleNode.Missing), async () => await SingleNode.StartAsync());
}
