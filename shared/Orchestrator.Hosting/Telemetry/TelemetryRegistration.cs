using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Orchestrator.Hosting.Telemetry;

/// <summary>Metrics for Prometheus, always; traces over OTLP, when somewhere to send them is named. The same in every process.</summary>
internal static class TelemetryRegistration
{
    private const string Ours = "Orchestrator.*";
    private const string Seconds = "s";

    /// <summary>Standard variables of OpenTelemetry; the exporter reads the address itself, and all that goes with it.</summary>
    private static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    /// <summary>From a read in memory to the fetch of an image.</summary>
    private static readonly double[] Durations = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    public static void AddTelemetry(this IHostApplicationBuilder builder, string service)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(service, serviceNamespace: "orchestrator", serviceVersion: Version())
                .AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddMeter(Ours, "Microsoft.AspNetCore.Hosting", "System.Runtime")
                .AddView(ViewOf)
                .AddPrometheusExporter(exporter => exporter.ScopeInfoEnabled = false));
        if (Endpoints.Any(name => !string.IsNullOrWhiteSpace(builder.Configuration[name])))
        {
            telemetry.WithTracing(tracing => tracing
                .SetSampler(new ParentBasedSampler(new WithoutPulse()))
                .AddAspNetCoreInstrumentation(requests => requests.Filter = IsWork)
                .AddSource(Ours, "MassTransit")
                .AddOtlpExporter());
        }
    }

    private static ExplicitBucketHistogramConfiguration? ViewOf(Instrument instrument) =>
        instrument is Histogram<double> { Unit: Seconds } && instrument.Meter.Name.StartsWith("Orchestrator.", StringComparison.Ordinal)
            ? new ExplicitBucketHistogramConfiguration { Boundaries = Durations }
            : null;

    private static bool IsWork(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/metrics", StringComparison.Ordinal) && !context.Request.Path.StartsWithSegments("/healthz", StringComparison.Ordinal);

    private static string? Version() =>
        typeof(TelemetryRegistration).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
