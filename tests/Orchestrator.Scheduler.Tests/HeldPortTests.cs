using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

public sealed class HeldPortTests : IAsyncLifetime
{
    private readonly SchedulerHarness _scheduler = new();

    public ValueTask InitializeAsync() => _scheduler.InitializeAsync();

    public ValueTask DisposeAsync() => _scheduler.DisposeAsync();

    [Fact]
    public async Task APortThatAProgramHas_IsRefusedWithAllFaults_AndTaken_WhenItIsFree()
    {
        await JoinAsync("n1", Held(8080), Held(9090));
        await JoinAsync("n2", Held(8080, "caddy, process 9"));
        var refused = Assert.IsType<CommandRejected>(await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", Publishing(8080), Publishing(9090, name: "api"))));
        Assert.Equal(
            [
                "shop/web: port 8080/tcp is held on n1 by nginx, process 7, n2 by caddy, process 9; free it there, or publish another",
                "shop/api: port 9090/tcp is held on n1 by nginx, process 7; free it there, or publish another",
            ],
            refused.Errors);

        await JoinAsync("n1");
        await JoinAsync("n2");
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(SchedulerHarness.Deploy("c2", Publishing(8080), Publishing(9090, name: "api"))));
    }

    [Fact]
    public async Task AnApplication_IsDeployedAgain_ThoughAProgramHasItsPortOnANewNode()
    {
        await JoinAsync("n1");
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", Publishing(8080))));
        await JoinAsync("n2", Held(8080));
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(SchedulerHarness.Deploy("c2", Publishing(8080, image: "web:2"))));
    }

    [Fact]
    public async Task ANodeThatIsDrained_IsNotAsked()
    {
        await JoinAsync("n1", Held(8080));
        await JoinAsync("n2");
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(new UpdateNode { CommandId = "d1", NodeId = "n1", Availability = NodeAvailability.Drain }));
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", Publishing(8080))));
    }

    [Fact]
    public async Task APortOfModeHost_IsPlacedWhereItIsFree_AndWaitsWithTheHoldersName_UntilItIs()
    {
        await JoinAsync("n1", Held(8080));
        await JoinAsync("n2");
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", Publishing(8080, PortMode.Host, replicas: 2))));
        var waiting = await _scheduler.EventAsync<TaskUnschedulable>();
        Assert.Contains("has in use port 8080/tcp, which nginx, process 7 has", string.Join(' ', waiting.Reasons), StringComparison.Ordinal);
        Assert.Equal("n2", Assert.Single(await PlacedAsync(1)).NodeId);

        await JoinAsync("n1");
        Assert.Equal(["n1", "n2"], (await PlacedAsync(2)).Select(task => task.NodeId).Order());
    }

    private async Task<IReadOnlyList<TaskDocument>> PlacedAsync(int count) => await Until.IsAsync(
        async () => (IReadOnlyList<TaskDocument>)[.. (await _scheduler.Store<ITaskStore>().ListAsync("shop", null, CancellationToken.None)).Where(task => task.NodeId is not null)],
        tasks => tasks.Count == count,
        $"{count} tasks have a node");

    private Task JoinAsync(string node, params HeldPort[] held) => _scheduler.JoinAsync(_scheduler.Joined(node) with { HeldPorts = held });

    private static HeldPort Held(int port, string holder = "nginx, process 7") => new() { Port = port, Holder = holder };

    private static ServiceSpec Publishing(int port, PortMode mode = PortMode.Ingress, string image = "web:1", string name = "web", int replicas = 1) =>
        SchedulerHarness.Web(image, replicas, name: name) with { Ports = [new PortSpec { Target = 80, Published = port, Mode = mode }] };
}
