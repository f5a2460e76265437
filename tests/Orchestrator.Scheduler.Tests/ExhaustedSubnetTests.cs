using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

public sealed class ExhaustedSubnetTests : IAsyncLifetime
{
    private readonly SchedulerHarness _scheduler = new() { Configure = options => (options.ClusterRange, options.SubnetBits) = ("10.128.0.0/20", 24) };

    public ValueTask InitializeAsync() => _scheduler.InitializeAsync();

    public ValueTask DisposeAsync() => _scheduler.DisposeAsync();

    [Fact]
    public async Task WhenAllSubnetsAreTaken_AnEventSaysWhatToChange()
    {
        for (var i = 1; i <= 15; i++)
        {
            await JoinAsync("m" + i);
        }

        Assert.Empty(_scheduler.EventsNotTaken<AddressesExhausted>());
        await JoinAsync("n2");
        var exhausted = await _scheduler.EventAsync<AddressesExhausted>();
        Assert.Equal(("n2", "10.128.0.0/20"), (exhausted.NodeId, exhausted.Range));
        Assert.Contains("Scheduler__SubnetBits", exhausted.Reason, StringComparison.Ordinal);
        var node = (await _scheduler.Store<INodeStore>().FindAsync("n2", CancellationToken.None))!;
        Assert.Equal((null, exhausted.Reason), (node.Network!.Subnet, node.Network.Problems.Single()));
    }

    private Task JoinAsync(string nodeId) => _scheduler.JoinAsync(_scheduler.Joined(nodeId) with { Address = "10.0.0.1", Network = new NodeNetworkReport() });
}
