using OpenTelemetry.Trace;

namespace Orchestrator.Hosting.Telemetry;

/// <summary>Takes every trace but those of messages that only tell that somebody lives: several a second, and nothing follows from them.</summary>
internal sealed class WithoutPulse : Sampler
{
    // As the two transports name what is sent.
    private static readonly string[] Pulse =
    [
        "orchestrator.reports.node-heartbeat ", "orchestrator.signals.monitor-echo ",
        "urn:message:Orchestrator.Contracts:NodeHeartbeat ", "urn:message:Orchestrator.Contracts:MonitorEcho ",
    ];

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var name = samplingParameters.Name;
        return new SamplingResult(!Array.Exists(Pulse, pulse => name.StartsWith(pulse, StringComparison.Ordinal)));
    }
}
