using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestrator.HealthMonitor.Leases;
using Orchestrator.HealthMonitor.Nodes;
using Orchestrator.HealthMonitor.Tasks;
using Orchestrator.Messaging;

namespace Orchestrator.HealthMonitor;

public static class HealthMonitorServiceCollectionExtensions
{
    private const string Prefix = "orchestrator.health-monitor.";

    public static IHostApplicationBuilder AddHealthMonitor(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<HealthMonitorOptions>().BindConfiguration(HealthMonitorOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<MonitorInstance>();
        services.AddSingleton<HeartbeatBook>();
        services.AddSingleton<Echo>();
        services.AddSingleton<BrakeDesk>();
        services.AddSingleton<VerdictDesk>();
        services.AddSingleton<DeciderLease>();
        services.AddSingleton<KnownHealth>();
        services.AddHostedService(provider => provider.GetRequiredService<DeciderLease>());
        services.AddSingleton<LivenessKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<LivenessKeeper>());
        services.AddHostedService<HealthRetention>();
        services.AddHostedService<ConnectionWatch>();
        return builder;
    }

    public static void AddHealthMonitorConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<NodeHeartbeatConsumer>();
        bus.AddConsumer<MonitorEchoConsumer>();
        bus.AddConsumer<NodeRemovedConsumer>();
        bus.AddConsumer<HealthReportConsumer>();
    }

    public static void ConfigureHealthMonitorEndpoints(this IBusFactoryConfigurator bus, IBusRegistrationContext context)
    {
        bus.SharedQueue(context, Prefix + "tasks-reported", endpoint => endpoint.ConfigureConsumer<HealthReportConsumer>(context));
        bus.ReceiveEndpoint(Prefix + context.GetRequiredService<MonitorInstance>().Id, endpoint =>
        {
            endpoint.PerInstance();
            endpoint.ConfigureConsumer<NodeHeartbeatConsumer>(context);
            endpoint.ConfigureConsumer<MonitorEchoConsumer>(context);
            endpoint.ConfigureConsumer<NodeRemovedConsumer>(context);
        });
    }
}
