using Microsoft.Extensions.Logging;

namespace Orchestrator.HealthMonitor;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "Node {NodeId} is {Liveness}", EventName = "NodeLivenessChanged")]
    public static partial void NodeLivenessChanged(ILogger logger, string nodeId, string liveness);

    [LoggerMessage(3002, LogLevel.Error, "Looking at the nodes failed; it is tried again", EventName = "EvaluationFailed")]
    public static partial void EvaluationFailed(ILogger logger, Exception exception);
}
