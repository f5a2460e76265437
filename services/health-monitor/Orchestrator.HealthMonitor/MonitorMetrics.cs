using System.Diagnostics.Metrics;
using Orchestrator.Contracts;

namespace Orchestrator.HealthMonitor;

/// <summary>What a health monitor counts. The gauges stand with what they show.</summary>
internal static class MonitorMetrics
{
    public const string MeterName = "Orchestrator.HealthMonitor";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Heartbeats = Meter.CreateCounter<long>(
        "orchestrator_heartbeats_received_total", null, "Heartbeats heard; every instance hears all.");

    private static readonly Counter<long> Verdicts = Meter.CreateCounter<long>(
        "orchestrator_node_verdicts_total", null, "Changes of a node's liveness found by this instance, by what the node was found to be.");

    public static void HeartbeatReceived() => Heartbeats.Add(1);

    public static void VerdictGiven(NodeLiveness liveness) => Verdicts.Add(1, new KeyValuePair<string, object?>("liveness", liveness.ToString()));
}
