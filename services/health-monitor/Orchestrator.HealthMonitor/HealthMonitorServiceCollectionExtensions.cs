using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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
        services.AddSingleton<HeartbeatBook>();
        services.AddSingleton<KnownHealth>();
        services.AddHostedService<LivenessKeeper>();
        services.AddHostedService<HealthRetention>();
        return builder;
    }

    public static void AddHealthMonitorConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<NodeHeartbeatConsumer>();
        bus.AddConsumer<HealthReportConsumer>();
    }

    public static void ConfigureHealthMonitorEndpoints(this IBusFactoryConfigurator bus, IBusRegistrationContext context)
    {
        bus.ReceiveEndpoint(Prefix + "tasks-reported", endpoint => endpoint.ConfigureConsumer<HealthReportConsumer>(context));
        bus.ReceiveEndpoint(Prefix + NewId.NextGuid().ToString("N"), endpoint =>
        {
            endpoint.PerInstance();
            endpoint.ConfigureConsumer<NodeHeartbeatConsumer>(context);
        });
    }
}
