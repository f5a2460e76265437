using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.NodeAgent.Docker;
using Orchestrator.NodeAgent.Tasks;

namespace Orchestrator.NodeAgent.Tests;

/// <summary>An agent on the in-memory bus and the real engine; the test stands for the scheduler.</summary>
internal sealed class AgentHost : IAsyncDisposable
{
    private readonly string _cluster;
    private readonly IHost _host;

    private AgentHost(string cluster, IHost host)
    {
        _cluster = cluster;
        _host = host;
    }

    public Reports Reports => _host.Services.GetRequiredService<Reports>();

    public string Label => "orchestrator.cluster=" + _cluster;

    public static async Task<AgentHost> StartAsync(string? cluster = null, string? engine = null, string? bus = null, TimeSpan? heartbeat = null)
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        await Engine.ImageAsync(1);
        cluster ??= "test-" + Guid.NewGuid().ToString("N");
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["NodeAgent:NodeId"] = "n1",
            ["NodeAgent:ClusterId"] = cluster,
            ["NodeAgent:DockerEndpoint"] = engine,
            ["NodeAgent:HeartbeatInterval"] = (heartbeat ?? TimeSpan.FromMilliseconds(500)).ToString(),
            ["NodeAgent:PortRetryInterval"] = "00:00:00.200",
            ["NodeAgent:SucceedAfter"] = "00:00:01",
            ["NodeAgent:CleanUpAfter"] = "00:00:00.100",
        });
        builder.Services.AddLogging();
        builder.Services.AddSingleton<Reports>();
        builder.Services.AddOrchestratorBus(
            BusOptions.Parse(bus),
            new BusService(NodeAgentServiceCollectionExtensions.AddNodeAgentConsumers, NodeAgentServiceCollectionExtensions.ConfigureNodeAgentEndpoints),
            new BusService(bus => bus.AddConsumer<ReportsConsumer>(), (bus, context) => bus.ReceiveEndpoint("test.reports", endpoint => endpoint.ConfigureConsumer<ReportsConsumer>(context))));
        builder.Services.AddNodeAgent();
        var agent = new AgentHost(cluster, builder.Build());
        await agent._host.StartAsync();
        await Until.IsAsync(() => Task.FromResult(agent.Reports.Joined), joined => joined is not null, "the node joins");
        return agent;
    }

    public async Task InstructAsync(bool full, params NodeTask[] tasks)
    {
        var endpoint = await _host.Services.GetRequiredService<IBus>().GetSendEndpoint(NodeQueue.Address("n1"));
        await endpoint.Send(new UpdateNodeTasks { NodeId = "n1", Tasks = tasks, AsOf = full ? TimeProvider.System.GetUtcNow() : null });
    }

    public async Task TakeEndsAsync(params string[] tasks)
    {
        var endpoint = await _host.Services.GetRequiredService<IBus>().GetSendEndpoint(NodeQueue.Address("n1"));
        await endpoint.Send(new EndsTaken { NodeId = "n1", TaskIds = tasks });
    }

    public async Task PassOnAsync(params TaskPost[] posts)
    {
        var endpoint = await _host.Services.GetRequiredService<IBus>().GetSendEndpoint(NodeQueue.Address("n1"));
        await endpoint.Send(new TakeTaskPosts { NodeId = "n1", Posts = posts });
    }

    public void EngineTells(ContainerEvent containerEvent) => _host.Services.GetRequiredService<NodeTasks>().Happened(containerEvent);

    public static NodeTask Run(string id, long version = 1, string line = "trap 'exit 0' TERM; while :; do busybox sleep 1 & wait $!; done", int slot = 1) => new()
    {
        TaskId = id,
        Version = version,
        Desired = DesiredState.Run,
        Observed = TaskState.Assigned,
        Spec = new TaskSpec
        {
            App = "agent", Service = "web", ServiceId = "s", Slot = slot, Revision = 1,
            Container = new ContainerSpec { Image = "orch-test:1", PullPolicy = PullPolicy.Never, Command = ["-c", line], StopGracePeriodSeconds = 1 },
        },
    };

    public static NodeTask Stop(string id, long version) => new() { TaskId = id, Version = version, Desired = DesiredState.Stop, Observed = TaskState.Running };

    public Task<TaskReport> ReportedAsync(string id, Func<TaskReport, bool> good, string what) => Until.IsAsync(
        () => Task.FromResult(Reports.Of(id)), report => report is not null && good(report), what)!;

    public Task<IReadOnlyList<string>> ContainersAsync(bool all) => Engine.ContainersAsync(all, Label);

    /// <summary>Ends the agent; its containers run on.</summary>
    public async Task<string> LeaveAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        return _cluster;
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        await Engine.RemoveAllAsync(_cluster);
    }

    private sealed class ReportsConsumer(Reports reports) : IConsumer<TasksReported>, IConsumer<NodeJoined>, IConsumer<NodeHeartbeat>
    {
        public Task Consume(ConsumeContext<TasksReported> context)
        {
            reports.Take(context.Message);
            return Task.CompletedTask;
        }

        public Task Consume(ConsumeContext<NodeHeartbeat> context)
        {
            reports.Loads = context.Message.Loads ?? reports.Loads;
            return Task.CompletedTask;
        }

        public Task Consume(ConsumeContext<NodeJoined> context)
        {
            reports.Joined = context.Message;
            return Task.CompletedTask;
        }
    }
}
