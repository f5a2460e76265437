using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

/// <summary>
/// The scheduler on the in-memory bus and a database of its own, with a clock that the test moves. The test stands for
/// everybody else: it sends commands, reads events, and is the agent of every node.
/// </summary>
public sealed class SchedulerHarness : IAsyncLifetime
{
    public const string Node = "n1";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("orch-test-scheduler-").FullName;
    private readonly Arrivals<OrchestratorEvent> _events = new();
    private readonly Arrivals<object> _instructions = new();
    private readonly Arrivals<AppPlanned> _plans = new();
    private IHost _host = null!;
    private long _seq;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public IBus Bus => _host.Services.GetRequiredService<IBus>();

    /// <summary>Set before it starts.</summary>
    public Action<SchedulerOptions>? Configure { get; set; }

    /// <summary>Set before it starts.</summary>
    public Action<IServiceCollection>? Replace { get; set; }

    public T Store<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public ValueTask InitializeAsync() => new(StartAsync());

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>All schedulers end. What is stored stays; what is on its way is lost with the bus.</summary>
    public async Task StopAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    /// <summary>On what is stored, if anything is.</summary>
    public async Task StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton(_events);
        builder.Services.AddSingleton(_instructions);
        builder.Services.AddSingleton(_plans);
        builder.Services.AddSqliteState(Path.Combine(_folder, "state.db"));
        builder.Services.AddOrchestratorBus(
            new BusOptions(),
            new BusService(SchedulerServiceCollectionExtensions.AddSchedulerConsumers, SchedulerServiceCollectionExtensions.ConfigureSchedulerEndpoints),
            new BusService(AddConsumers, ConfigureEndpoints));
        builder.Services.AddScheduler();
        builder.Services.Configure<SchedulerOptions>(options => Configure?.Invoke(options));
        Replace?.Invoke(builder.Services);
        _host = builder.Build();
        await _host.StartAsync();
    }

    public Task JoinAsync(string nodeId = Node, double cpus = 4, long memory = 4L << 30) => JoinAsync(Joined(nodeId, cpus, memory));

    public async Task JoinAsync(NodeJoined joined)
    {
        await Bus.Publish(joined);
        await EventAsync<NodesChanged>(changed => changed.NodeId == joined.NodeId);
    }

    public NodeJoined Joined(string nodeId, double cpus = 4, long memory = 4L << 30, params (string Key, string Value)[] labels) => new()
    {
        NodeId = nodeId,
        ClusterId = "test-cluster",
        AgentEpoch = 1,
        Name = nodeId,
        Capacity = new NodeCapacity { Cpus = cpus, MemoryBytes = memory },
        Platform = new NodePlatform { Os = "linux", Architecture = "x86_64" },
        Engine = new EngineInfo { Version = "29", ApiVersion = "1.52" },
        Labels = labels.ToDictionary(label => label.Key, label => label.Value),
        OccurredAt = Time.GetUtcNow(),
    };

    /// <summary>What the health monitor stores of a node, and the verdict it publishes.</summary>
    public async Task FindAsync(string nodeId, NodeLiveness liveness, bool tell = true, long epoch = 1)
    {
        var now = Time.GetUtcNow();
        await Store<INodeLivenessStore>().PutManyAsync(
            [new NodeLivenessDocument { Id = nodeId, Epoch = epoch, Liveness = liveness, Reason = "a test", LastSeenAt = now, ChangedAt = now }], CancellationToken.None);
        if (tell)
        {
            await TellAsync(nodeId, liveness, epoch);
        }
    }

    public Task TellAsync(string nodeId, NodeLiveness liveness, long epoch = 1)
    {
        var (id, now) = (Guid.NewGuid().ToString("N"), Time.GetUtcNow());
        OrchestratorEvent verdict = liveness switch
        {
            NodeLiveness.Suspect => new NodeSuspect { EventId = id, OccurredAt = now, NodeId = nodeId, Epoch = epoch, Since = now, Reason = "a test" },
            NodeLiveness.Unreachable => new NodeUnreachable { EventId = id, OccurredAt = now, NodeId = nodeId, Epoch = epoch, Since = now, Reason = "a test" },
            NodeLiveness.Lost => new NodeLost { EventId = id, OccurredAt = now, NodeId = nodeId, Epoch = epoch, Since = now, Reason = "a test" },
            NodeLiveness.Down => new NodeDown { EventId = id, OccurredAt = now, NodeId = nodeId, Epoch = epoch, Since = now, Reason = "a test" },
            _ => new NodeRecovered { EventId = id, OccurredAt = now, NodeId = nodeId, Epoch = epoch, Since = now, Reason = "a test" },
        };
        return Bus.Publish(verdict, verdict.GetType());
    }

    public static ServiceSpec Web(string image = "web:1", int replicas = 2, double? cpus = null, string name = "web") => new()
    {
        Name = name,
        Replicas = replicas,
        Container = new ContainerSpec { Image = image },
        Update = new UpdateConfig { MonitorSeconds = 0 },
        Rollback = new UpdateConfig { MonitorSeconds = 0 },
        Rollout = new RolloutSpec { MinHealthySeconds = 0 },
        Resources = new ResourceSpec { ReservedCpus = cpus },
    };

    public static DeployApp Deploy(string commandId, params ServiceSpec[] services) => new()
    {
        CommandId = commandId, App = "shop", Spec = new ApplicationSpec { Services = services },
    };

    /// <summary>Sends a command and waits for its answer.</summary>
    public async Task<OrchestratorEvent> AskAsync(object command)
    {
        await Bus.Publish(command, command.GetType());
        var id = (string)command.GetType().GetProperty("CommandId")!.GetValue(command)!;
        return await EventAsync<OrchestratorEvent>(item => item is CommandAccepted or CommandRejected or CommandSuperseded && item.CommandId == id);
    }

    /// <summary>The next event that is as asked for; each is given once.</summary>
    public Task<T> EventAsync<T>(Func<T, bool>? where = null)
        where T : OrchestratorEvent => _events.TakeAsync(where ?? (_ => true), Deadline);

    public IReadOnlyList<T> EventsNotTaken<T>()
        where T : OrchestratorEvent => _events.NotTaken<T>();

    /// <summary>The next instruction to a node that is as asked for.</summary>
    public Task<UpdateNodeTasks> InstructionAsync(Func<UpdateNodeTasks, bool>? where = null) => _instructions.TakeAsync(where ?? (_ => true), Deadline);

    public Task<AppPlanned> PlanAsync(string requestId) => _plans.TakeAsync<AppPlanned>(plan => plan.RequestId == requestId, Deadline);

    public Task<T> InstructionAsync<T>(Func<T, bool> where)
        where T : class => _instructions.TakeAsync(where, Deadline);

    public IReadOnlyList<UpdateNodeTasks> InstructionsNotTaken() => InstructionsNotTaken<UpdateNodeTasks>();

    public IReadOnlyList<T> InstructionsNotTaken<T>()
        where T : class => _instructions.NotTaken<T>();

    /// <summary>Tells of tasks as their node's agent does, each with a number of its own.</summary>
    public Task ReportAsync(TaskState state, params NodeTask[] tasks) => SendAsync(Node, [.. tasks.Select(task => Report(task, state))]);

    public TaskReport Report(NodeTask task, TaskState state, long? seq = null, long epoch = 1) => new()
    {
        TaskId = task.TaskId,
        Version = task.Version,
        AgentEpoch = epoch,
        Seq = seq ?? ++_seq,
        State = state,
        Ready = state == TaskState.Running,
        ExitCode = state == TaskState.Failed ? 1 : null,
        RunningAt = state == TaskState.Running ? Time.GetUtcNow() : null,
        FinishedAt = state.IsFinal() ? Time.GetUtcNow() : null,
    };

    public Task SendAsync(string node, params TaskReport[] reports) => Bus.Publish(new TasksReported { NodeId = node, Tasks = reports, OccurredAt = Time.GetUtcNow() });

    /// <summary>Deploys and reports every task as running.</summary>
    public async Task<IReadOnlyList<NodeTask>> RunAsync(string commandId, params ServiceSpec[] services)
    {
        Assert.IsType<CommandAccepted>(await AskAsync(Deploy(commandId, services)));
        var tasks = new List<NodeTask>();
        while (tasks.Count < services.Sum(service => service.Replicas))
        {
            tasks.AddRange((await InstructionAsync(message => message.Tasks.All(task => task.Desired == DesiredState.Run))).Tasks);
        }

        await ReportAsync(TaskState.Running, [.. tasks]);
        foreach (var service in services)
        {
            await EventAsync<RolloutCompleted>(completed => completed.Service == service.Name);
        }

        return tasks;
    }

    /// <summary>Waits for what is stored to be so.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> good)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (good(seen))
            {
                return seen;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, $"not in time; last seen: {seen}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private static void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<Recorder>();
        bus.AddConsumer<Agent>();
        bus.AddConsumer<Planned>();
    }

    private static void ConfigureEndpoints(IBusFactoryConfigurator bus, IBusRegistrationContext context)
    {
        bus.ReceiveEndpoint("test.events", endpoint =>
        {
            endpoint.ConfigureConsumer<Recorder>(context);
            endpoint.ConfigureConsumer<Planned>(context);
        });
        foreach (var node in new[] { Node, "n2", "n3" })
        {
            bus.ReceiveEndpoint(NodeQueue.Name(node), endpoint =>
            {
                endpoint.AsNodeQueue(context);
                endpoint.ConfigureConsumer<Agent>(context);
            });
        }
    }

    private sealed class Recorder(Arrivals<OrchestratorEvent> events) :
        IConsumer<CommandAccepted>, IConsumer<CommandRejected>, IConsumer<CommandSuperseded>, IConsumer<NodesChanged>, IConsumer<TasksChanged>, IConsumer<TaskUnschedulable>,
        IConsumer<RolloutStarted>, IConsumer<RolloutCompleted>, IConsumer<RolloutFailed>, IConsumer<RolloutChanged>, IConsumer<ContainersUnknown>, IConsumer<AppRemoved>, IConsumer<NodeRemoved>,
        IConsumer<AddressesExhausted>, IConsumer<EndpointsChanged>, IConsumer<NodeQuarantined>
    {
        public Task Consume(ConsumeContext<AddressesExhausted> context) => events.PutAsync(context.Message);

        public Task Consume(ConsumeContext<EndpointsChanged> context) => events.PutAsync(context.Message);

        public Task Consume(ConsumeContext<CommandAccepted> context) => events.PutAsync(context.Message);

        public Task Consume(ConsumeContext<CommandRejected> context) => events.PutAsync(context.Message);

        public Task Consume(ConsumeContext<CommandSuperseded> context) => events.PutAsync(context.Message);

        public Task Consume(ConsumeContext<NodesChanged> context) => events.PutAsync(context.Message);

        public Task Consume(ConsumeContext<TasksChanged> context) => events.PutAsync(context.Message);

        public Task Consume(ConsumeContext<NodeQuarantined> context) => events.PutAsync(context.Message);

        public Task Consume(ConsumeContext<TaskUnschedulable> context) => events.PutAsync(context.Message);

        public Task Consume(ConsumeContext<RolloutStarted> context) => events.PutAsync(context.Message);

        public Task Consume(ConsumeContext<RolloutCompleted> context) => events.PutAsync(context.Message);

        public Task Consume(ConsumeContext<RolloutFailed> context) => events.PutAsync(context.Message);

        public Task Consume(ConsumeContext<RolloutChanged> context) => events.PutAsync(context.Message);

        public Task Consume(ConsumeContext<ContainersUnknown> context) => events.PutAsync(context.Message);

        public Task Consume(ConsumeContext<AppRemoved> context) => events.PutAsync(context.Message);

        public Task Consume(ConsumeContext<NodeRemoved> context) => events.PutAsync(context.Message);
    }

    private sealed class Agent(Arrivals<object> instructions) : IConsumer<UpdateNodeTasks>, IConsumer<UpdateNodeNetwork>, IConsumer<UpdateEndpoints>, IConsumer<FinishDrain>, IConsumer<EndsTaken>
    {
        public Task Consume(ConsumeContext<UpdateNodeTasks> context) => instructions.PutAsync(context.Message);

        public Task Consume(ConsumeContext<UpdateNodeNetwork> context) => instructions.PutAsync(context.Message);

        public Task Consume(ConsumeContext<UpdateEndpoints> context) => instructions.PutAsync(context.Message);

        public Task Consume(ConsumeContext<EndsTaken> context) => instructions.PutAsync(context.Message);

        public Task Consume(ConsumeContext<FinishDrain> context) => instructions.PutAsync(context.Message);
    }

    private sealed class Planned(Arrivals<AppPlanned> plans) : IConsumer<AppPlanned>
    {
        public Task Consume(ConsumeContext<AppPlanned> context) => plans.PutAsync(context.Message);
    }
}
