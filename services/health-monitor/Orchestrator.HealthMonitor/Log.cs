using Microsoft.Extensions.Logging;

namespace Orchestrator.HealthMonitor;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "Node {NodeId} is {Liveness}: {Reason}", EventName = "NodeLivenessChanged")]
    public static partial void NodeLivenessChanged(ILogger logger, string nodeId, string liveness, string? reason);

    [LoggerMessage(3002, LogLevel.Error, "Looking at the nodes failed; it is tried again", EventName = "EvaluationFailed")]
    public static partial void EvaluationFailed(ILogger logger, Exception exception);

    [LoggerMessage(3003, LogLevel.Information, "Instance {InstanceId} decides from now on, epoch {Epoch}", EventName = "LeaseTaken")]
    public static partial void LeaseTaken(ILogger logger, string instanceId, long epoch);

    [LoggerMessage(3004, LogLevel.Warning, "The lease could not be looked at ({Error}); it is tried again", EventName = "LeaseNotKept")]
    public static partial void LeaseNotKept(ILogger logger, string error);

    [LoggerMessage(3005, LogLevel.Warning, "Nothing could be heard for {Seconds} s: silence in that time does not count", EventName = "MonitorWasDeaf")]
    public static partial void WasDeaf(ILogger logger, double seconds);

    [LoggerMessage(3006, LogLevel.Warning, "{Count} verdicts were refused: another instance has taken over", EventName = "VerdictsOutdated")]
    public static partial void VerdictsOutdated(ILogger logger, int count);

    [LoggerMessage(3007, LogLevel.Warning, "{Count} of {Total} nodes vanished at once: none is declared lost for {Minutes} min, or until 'orch node confirm-lost'", EventName = "BrakeApplied")]
    public static partial void BrakeApplied(ILogger logger, int count, int total, double minutes);

    [LoggerMessage(3008, LogLevel.Information, "Nodes are declared lost again", EventName = "BrakeReleased")]
    public static partial void BrakeReleased(ILogger logger);

    [LoggerMessage(3009, LogLevel.Information, "The broker does not tell of closed connections; nodes are found by their silence alone. To hear sooner: rabbitmq-plugins enable rabbitmq_event_exchange", EventName = "NoBrokerEvents")]
    public static partial void NoBrokerEvents(ILogger logger);
}
