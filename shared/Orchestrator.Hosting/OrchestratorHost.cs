using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orchestrator.Hosting.Telemetry;
using Serilog;
using Serilog.Events;
using Serilog.Filters;
using Serilog.Formatting.Compact;

namespace Orchestrator.Hosting;

/// <summary>What every process of ours has: the clock, logs, metrics, traces, health endpoints.</summary>
public static class OrchestratorHost
{
    /// <summary>Settings are read once: to follow a change, the builder's default watches every folder below the one that the process was started in.</summary>
    public static WebApplicationBuilder NewBuilder() => WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });

    /// <summary>Logs as compact JSON on standard output, metrics, traces if they are asked for, <see cref="TimeProvider"/>, health checks.</summary>
    /// <param name="service">Names the process in each log line and trace: <c>scheduler</c>.</param>
    public static IHostApplicationBuilder AddOrchestratorHost(this IHostApplicationBuilder builder, string service)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSerilog(logger => logger
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning)
            // It warns of each try of each endpoint; BrokerWatch says it once.
            .MinimumLevel.Override("MassTransit", LogEventLevel.Error)
            .ReadFrom.Configuration(builder.Configuration)
            // A message given up in time, a heartbeat above all, is no failure worth a line each.
            .Filter.ByExcluding(line => line.Exception is OperationCanceledException && Matching.FromSource("MassTransit")(line))
            .Enrich.FromLogContext()
            .Enrich.WithProperty("Process", service)
            .WriteTo.Console(new RenderedCompactJsonFormatter()));
        builder.Services.AddHealthChecks();
        builder.AddTelemetry(service);
        return builder;
    }

    /// <summary>
    /// <c>/healthz/live</c>: the process answers. <c>/healthz/ready</c>: so do the bus and the store. <c>/metrics</c>: for Prometheus. None asks for a token.
    /// </summary>
    public static WebApplication MapOrchestratorHost(this WebApplication app)
    {
        app.MapHealthChecks("/healthz/live", new() { Predicate = _ => false });
        app.MapHealthChecks("/healthz/ready", new() { ResponseWriter = HealthReportWriter.WriteAsync });
        app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }
}
