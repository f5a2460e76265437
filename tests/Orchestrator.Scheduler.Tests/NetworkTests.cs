using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

public sealed class NetworkTests : IAsyncLifetime
{
    private const string First = SchedulerHarness.Node;
    private const string Second = "n2";
    private readonly SchedulerHarness _scheduler = new();

    private INodeStore Nodes => _scheduler.Store<INodeStore>();

    public ValueTask InitializeAsync() => _scheduler.InitializeAsync();

    public ValueTask DisposeAsync() => _scheduler.DisposeAsync();

    [Fact]
    public async Task EachNodeThatCan_GetsASubnet_AndHearsOfTheOthers()
    {
        await JoinAsync(First);
        await JoinAsync(Second);
        await _scheduler.JoinAsync("n3");
        var network = await _scheduler.InstructionAsync<UpdateNodeNetwork>(message => message.NodeId == First && message.Nodes.Count == 2);
        Assert.Equal(["10.128.0.0/24", "10.128.1.0/24"], network.Nodes.Select(node => node.Subnet));
        Assert.Equal(("10.128.0.0/12", "10.143.0.0/16", "10.0.0.2"), (network.Range, network.Vips, network.Nodes[1].Address));
        Assert.Null((await Nodes.FindAsync("n3", CancellationToken.None))!.Network);
    }

    [Fact]
    public async Task ANodeThatJoinsAgain_KeepsItsSubnet()
    {
        await JoinAsync(First);
        await JoinAsync(First, epoch: 2);
        await StoredAsync(First, node => node is { AgentEpoch: 2, Network.Subnet: "10.128.0.0/24" });
    }

    [Fact]
    public async Task AKeyOfWireGuard_IsToldToTheOthers_AndANewOneToo()
    {
        await JoinAsync(First);
        await JoinAsync(Second, network: new NodeNetworkReport { PublicKey = "key-1" });
        await _scheduler.InstructionAsync<UpdateNodeNetwork>(message => message.NodeId == First && message.Nodes.Count == 2 && message.Nodes[0].PublicKey is null && message.Nodes[1].PublicKey == "key-1");
        await JoinAsync(Second, epoch: 2, network: new NodeNetworkReport { PublicKey = "key-2" });
        await _scheduler.InstructionAsync<UpdateNodeNetwork>(message => message.NodeId == First && message.Nodes[^1].PublicKey == "key-2");
        await StoredAsync(Second, node => node.Network is { Subnet: "10.128.1.0/24", PublicKey: "key-2" });
    }

    [Fact]
    public async Task TheSubnetOfARemovedNode_IsGivenToTheNext()
    {
        await JoinAsync(First);
        await JoinAsync(Second);
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(new RemoveNode { CommandId = "r1", NodeId = First, Force = true }));
        await _scheduler.EventAsync<NodeRemoved>();
        var left = await _scheduler.InstructionAsync<UpdateNodeNetwork>(message => message.NodeId == Second && message.Nodes.Count == 1);
        Assert.Equal("10.128.1.0/24", left.Nodes.Single().Subnet);
        await JoinAsync("n3");
        await StoredAsync("n3", node => node.Network?.Subnet == "10.128.0.0/24");
    }

    [Fact]
    public async Task ARangeThatTheMachineReachesElsewhere_IsRefused_WithTheRoute()
    {
        await JoinAsync(First, network: new NodeNetworkReport { Routes = ["0.0.0.0/0 dev eth0", "10.0.0.0/8 dev eth1"], Missing = ["nft is not installed; install nftables"] });
        var node = await StoredAsync(First, node => node.Network is not null);
        Assert.Null(node.Network!.Subnet);
        Assert.Equal("nft is not installed; install nftables", node.Network.Problems[0]);
        Assert.Contains("overlaps the machine's route 10.0.0.0/8 dev eth1", node.Network.Problems[1], StringComparison.Ordinal);
        Assert.Equal(2, node.Network.Problems.Count);
    }

    [Fact]
    public async Task EndpointsAreTheReadyTasks_AndOneThatIsToStop_IsTakenOutBeforeItStops()
    {
        await JoinAsync(First);
        await JoinAsync(Second);
        await _scheduler.InstructionAsync<UpdateNodeNetwork>(message => message.NodeId == First && message.Nodes.Count == 2);
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", SchedulerHarness.Web(replicas: 1, cpus: 1))));
        var empty = await EndpointsAsync(Second, service => service.Tasks.Count == 0);
        Assert.StartsWith("10.143.", empty.Vip, StringComparison.Ordinal);

        var instruction = await _scheduler.InstructionAsync();
        var task = instruction.Tasks.Single();
        await _scheduler.SendAsync(instruction.NodeId, _scheduler.Report(task, TaskState.Running) with { Address = "10.128.0.2" });
        var running = await EndpointsAsync(Second, service => service.Tasks.Any(endpoint => endpoint.Takes));
        Assert.Equal(("10.128.0.2", task.TaskId, empty.Vip), (running.Tasks[0].Address, running.Tasks[0].TaskId, running.Vip));
        Assert.True(running.Version > empty.Version);
        Assert.Equal(running.Version, (await _scheduler.EventAsync<EndpointsChanged>(changed => changed.Endpoints.Count == 1)).EndpointsVersion);

        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(new ScaleService { CommandId = "s1", App = "shop", Service = "web", Replicas = 0 }));
        Assert.True((await _scheduler.InstructionAsync(message => message.Tasks.Any(item => item.Desired == DesiredState.Stop))).Tasks.Single().AwaitsDrain);
        var drained = await EndpointsAsync(Second, service => service.Tasks.All(endpoint => !endpoint.Takes) && service.Version > running.Version);
        await AppliedAsync(First, drained);
        Assert.Empty(_scheduler.InstructionsNotTaken<FinishDrain>());
        await AppliedAsync(Second, drained);
        Assert.Equal(task.TaskId, (await _scheduler.InstructionAsync<FinishDrain>(message => message.NodeId == instruction.NodeId)).TaskIds.Single());
    }

    [Fact]
    public async Task TasksOfASilentNode_TakeNothing_UntilItAnswers()
    {
        await JoinAsync(First);
        await JoinAsync(Second);
        var (node, task) = await RunningAsync();
        var other = node == First ? Second : First;
        await EndpointsAsync(other, service => service.Tasks.Any(endpoint => endpoint.Takes));
        await _scheduler.FindAsync(node, NodeLiveness.Unreachable);
        await EndpointsAsync(other, service => service.Tasks.Any(endpoint => endpoint.TaskId == task && !endpoint.Takes));
        await _scheduler.FindAsync(node, NodeLiveness.Ready);
        await EndpointsAsync(other, service => service.Tasks.Any(endpoint => endpoint.TaskId == task && endpoint.Takes));
    }

    [Fact]
    public async Task ANodeThatAsks_GetsAllEndpoints_AndARemovedServiceIsTold()
    {
        await JoinAsync(First);
        var (_, task) = await RunningAsync();
        await EndpointsAsync(First, service => service.Tasks.Any(endpoint => endpoint.Takes));
        await _scheduler.Bus.Publish(new NodeSync { NodeId = First, AgentEpoch = 1, OccurredAt = _scheduler.Time.GetUtcNow() });
        var full = await _scheduler.InstructionAsync<UpdateEndpoints>(message => message.Full);
        Assert.Equal(task, full.Services.Single().Tasks.Single().TaskId);

        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(new RemoveApp { CommandId = "x1", App = "shop" }));
        var stop = (await _scheduler.InstructionAsync(message => message.Tasks.Any(item => item.Desired == DesiredState.Stop))).Tasks.Single();
        await _scheduler.ReportAsync(TaskState.Stopped, stop);
        await EndpointsAsync(First, service => service.Removed);
    }

    private Task JoinAsync(string nodeId, long epoch = 1, NodeNetworkReport? network = null) => _scheduler.JoinAsync(_scheduler.Joined(nodeId) with
    {
        AgentEpoch = epoch, Address = "10.0.0." + nodeId[1..], Network = network ?? new NodeNetworkReport(),
    });

    private async Task<(string Node, string Task)> RunningAsync()
    {
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", SchedulerHarness.Web(replicas: 1, cpus: 1))));
        var instruction = await _scheduler.InstructionAsync();
        await _scheduler.SendAsync(instruction.NodeId, _scheduler.Report(instruction.Tasks.Single(), TaskState.Running) with { Address = "10.128.0.2" });
        return (instruction.NodeId, instruction.Tasks.Single().TaskId);
    }

    private async Task<ServiceEndpoints> EndpointsAsync(string node, Func<ServiceEndpoints, bool> where) =>
        (await _scheduler.InstructionAsync<UpdateEndpoints>(message => message.NodeId == node && !message.Full && message.Services.Any(where))).Services.First(where);

    private Task AppliedAsync(string node, ServiceEndpoints endpoints) => _scheduler.Bus.Publish(
        new EndpointsApplied { NodeId = node, Services = new Dictionary<string, long> { [endpoints.ServiceId] = endpoints.Version }, OccurredAt = _scheduler.Time.GetUtcNow() });

    private Task<NodeDocument> StoredAsync(string node, Func<NodeDocument, bool> good) =>
        SchedulerHarness.UntilAsync(async () => (await Nodes.FindAsync(node, CancellationToken.None))!, good);
}
