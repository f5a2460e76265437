using Docker.DotNet;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.NodeAgent.Docker;
using Orchestrator.NodeAgent.Heartbeats;
using Orchestrator.NodeAgent.Join;
using Orchestrator.NodeAgent.Logs;
using Orchestrator.NodeAgent.Names;
using Orchestrator.NodeAgent.Network;
using Orchestrator.NodeAgent.Ports;
using Orchestrator.NodeAgent.Posts;
using Orchestrator.NodeAgent.Pressure;
using Orchestrator.NodeAgent.Probes;
using Orchestrator.NodeAgent.Reports;
using Orchestrator.NodeAgent.Tasks;

namespace Orchestrator.NodeAgent;

public static class NodeAgentServiceCollectionExtensions
{
    private const string DefaultEndpoint = "unix:///var/run/docker.sock";

    public static IServiceCollection AddNodeAgent(this IServiceCollection services)
    {
        services.AddOptions<NodeAgentOptions>().BindConfiguration(NodeAgentOptions.Section).ValidateDataAnnotations()
            .Validate(options => options.Taints.All(taint => NodeTaint.Parse(taint) is not null), "NodeAgent:Taints: write KEY=VALUE:EFFECT, with NoSchedule, PreferNoSchedule or NoExecute")
            .Validate(options => options.GenericResources.Values.All(amount => amount > 0), "NodeAgent:GenericResources: write how many there are, 1 or more")
            .ValidateOnStart();
        services.AddSingleton(provider => Connect(provider.GetRequiredService<IOptions<NodeAgentOptions>>().Value));
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<NodeAgentOptions>>().Value;
            return new EngineNames(options.ClusterId, options.NodeId);
        });
        services.AddSingleton<IContainerRuntime, DockerRuntime>();
        services.AddSingleton<IIngressRouter, TcpRelay>();
        services.AddSingleton<TaskReporter>();
        services.AddHostedService(provider => provider.GetRequiredService<TaskReporter>());
        services.AddSingleton<PostListener>();
        services.AddSingleton<PostDesk>();
        services.AddHostedService<PostServer>();
        services.AddSingleton<ContainerProber>();
        services.AddSingleton<ProbeRunner>();
        services.AddSingleton<ClusterBridge>();
        services.AddSingleton<NamesContainer>();
        services.AddSingleton<ClusterNetwork>();
        services.AddHostedService(provider => provider.GetRequiredService<ClusterNetwork>());
        services.AddHostedService<PeerWatch>();
        services.AddSingleton<DrainTurns>();
        services.AddSingleton<TaskWork>();
        services.AddSingleton<AppCleanUp>();
        services.AddSingleton<NodeTasks>();
        services.AddSingleton<ClusterContact>();
        services.AddHostedService<CutOffWatch>();
        services.AddHostedService<SuccessorWatch>();
        services.AddSingleton<PressureWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<PressureWatch>());
        services.AddSingleton<HeldPortWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<HeldPortWatch>());
        services.AddHostedService<NodeMembership>();
        services.AddSingleton<BeatInterval>();
        services.AddHostedService<HeartbeatService>();
        services.AddSingleton<NodeConnection>();
        services.AddReceiveEndpointObserver(provider => provider.GetRequiredService<NodeConnection>());
        return services;
    }

    public static void AddNodeAgentConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<UpdateNodeTasksConsumer>();
        bus.AddConsumer<EndsTakenConsumer>();
        bus.AddConsumer<ReadTaskLogsConsumer>();
        bus.AddConsumer<UpdateNodeNetworkConsumer>();
        bus.AddConsumer<TakeTaskPostsConsumer>();
    }

    public static void ConfigureNodeAgentEndpoints(this IBusFactoryConfigurator bus, IBusRegistrationContext context)
    {
        var options = context.GetRequiredService<IOptions<NodeAgentOptions>>().Value;
        bus.ReceiveEndpoint(NodeQueue.Name(options.NodeId), endpoint =>
        {
            endpoint.AsNodeQueue(context);
            endpoint.ConfigureConsumer<UpdateNodeTasksConsumer>(context);
            endpoint.ConfigureConsumer<EndsTakenConsumer>(context);
            endpoint.ConfigureConsumer<ReadTaskLogsConsumer>(context);
            endpoint.ConfigureConsumer<UpdateNodeNetworkConsumer>(context);
            endpoint.ConfigureConsumer<TakeTaskPostsConsumer>(context);
        });
    }

    internal static DockerClient Connect(NodeAgentOptions options)
    {
        var endpoint = options.DockerEndpoint ?? Environment.GetEnvironmentVariable("DOCKER_HOST");
        return new DockerClientBuilder().WithEndpoint(new Uri(string.IsNullOrWhiteSpace(endpoint) ? DefaultEndpoint : endpoint)).Build();
    }
}
