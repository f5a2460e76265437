using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Tests;

public sealed class CutOffTests
{
    [Fact]
    public async Task WithoutContactToTheCluster_OnlyContainersThatAreToBeStopped_Stop()
    {
        await using var broker = await Broker.TryCreateAsync();
        Assert.SkipUnless(broker is not null, Broker.Missing);
        using var proxy = new TcpProxy("127.0.0.1", 5672);
        await using var agent = await AgentHost.StartAsync(bus: broker.UriAt(proxy.Port));
        var (stays, stops) = (AgentHost.Run(Guid.NewGuid().ToString("N")), AgentHost.Run(Guid.NewGuid().ToString("N"), slot: 2));
        stops = stops with { Spec = stops.Spec! with { Disconnect = new DisconnectSpec { StopOnClientAfterSeconds = 2 } } };
        await agent.InstructAsync(false, stays, stops);
        var runs = await agent.ReportedAsync(stays.TaskId, report => report.State == TaskState.Running, "it runs");
        await agent.ReportedAsync(stops.TaskId, report => report.State == TaskState.Running, "it runs");
        proxy.Cut();
        var left = await Until.IsAsync(() => agent.ContainersAsync(all: false), containers => containers.Count == 1, "one is stopped");
        Assert.Equal([runs.ContainerId!], left);
    }
}
