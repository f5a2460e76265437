using Microsoft.Extensions.Logging;

namespace Orchestrator.NodeAgent;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Information, "Node {NodeId} joins: {Containers} containers found, engine {Engine}", EventName = "NodeJoins")]
    public static partial void NodeJoins(ILogger logger, string nodeId, int containers, string engine);

    [LoggerMessage(4002, LogLevel.Information, "Task {TaskId} ({Container}) runs", EventName = "ContainerStarted")]
    public static partial void ContainerStarted(ILogger logger, string taskId, string container);

    [LoggerMessage(4003, LogLevel.Information, "Task {TaskId}: {State} {Reason}", EventName = "TaskEnded")]
    public static partial void TaskEnded(ILogger logger, string taskId, string state, string? reason);

    [LoggerMessage(4004, LogLevel.Warning, "The engine does not answer ({Reason}); trying again in {Seconds} s", EventName = "EngineAway")]
    public static partial void EngineAway(ILogger logger, string reason, double seconds);

    [LoggerMessage(4005, LogLevel.Warning, "Reports could not be published ({Reason}); they are kept and sent again", EventName = "ReportsDelayed")]
    public static partial void ReportsDelayed(ILogger logger, string reason);

    [LoggerMessage(4006, LogLevel.Error, "Port {Port}: {Reason}", EventName = "PortNotBound")]
    public static partial void PortNotBound(ILogger logger, string port, string reason);

    [LoggerMessage(4007, LogLevel.Error, "Task {TaskId}: {Action} failed", EventName = "TaskActionFailed")]
    public static partial void TaskActionFailed(ILogger logger, string taskId, string action, Exception exception);

    [LoggerMessage(4008, LogLevel.Information, "Application {App} has no task here any more: its network and finished containers are removed", EventName = "AppCleanedUp")]
    public static partial void AppCleanedUp(ILogger logger, string app);

    [LoggerMessage(4009, LogLevel.Warning, "A heartbeat could not be sent ({Reason}); the next ones are tried without a word until one is", EventName = "HeartbeatFailed")]
    public static partial void HeartbeatFailed(ILogger logger, string reason);

    [LoggerMessage(4010, LogLevel.Warning, "Joining the cluster failed ({Reason}); it is tried again until it succeeds", EventName = "JoinFailed")]
    public static partial void JoinFailed(ILogger logger, string reason);

    [LoggerMessage(4020, LogLevel.Warning, "The cluster's network is not as it shall be ({Reason}); tried again", EventName = "NetworkNotApplied")]
    public static partial void NetworkNotApplied(ILogger logger, string reason);

    [LoggerMessage(4021, LogLevel.Warning, "Nodes that do not answer this one: {Nodes}; connections go to others where there are any", EventName = "PeersSilent")]
    public static partial void PeersSilent(ILogger logger, string nodes);

    [LoggerMessage(4011, LogLevel.Warning, "Task {TaskId} is stopped with connections open: they did not end within {Seconds} s", EventName = "ConnectionsLeftOpen")]
    public static partial void ConnectionsLeftOpen(ILogger logger, string taskId, double seconds);

    [LoggerMessage(4012, LogLevel.Warning, "No scheduler answers: task {TaskId} follows {EndedId} by the policy that this node holds", EventName = "SuccessorStarted")]
    public static partial void SuccessorStarted(ILogger logger, string taskId, string endedId);

    [LoggerMessage(4013, LogLevel.Warning, "Applications cannot post their health to {Address} ({Reason}); tried again. Free the port, or set another with NodeAgent__PostPort", EventName = "PostsNotTaken")]
    public static partial void PostsNotTaken(ILogger logger, string address, string reason);
}
