using Microsoft.Extensions.Logging;

namespace Orchestrator.Api;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "Command {CommandId} ({Command}) of {App} taken", EventName = "CommandTaken")]
    public static partial void CommandTaken(ILogger logger, string commandId, string command, string app);

    [LoggerMessage(1002, LogLevel.Warning, "{Count} commands are published (again); they are not answered yet", EventName = "CommandsRepublished")]
    public static partial void CommandsRepublished(ILogger logger, int count);

    [LoggerMessage(1003, LogLevel.Error, "{Work} failed; it is tried again", EventName = "BackgroundWorkFailed")]
    public static partial void BackgroundWorkFailed(ILogger logger, string work, Exception exception);

    [LoggerMessage(1004, LogLevel.Information, "A token was made and written to {Path}", EventName = "TokenMade")]
    public static partial void TokenMade(ILogger logger, string path);

    [LoggerMessage(1005, LogLevel.Warning, "Command {CommandId} is kept and published later: {Reason}", EventName = "CommandKept")]
    public static partial void CommandKept(ILogger logger, string commandId, string reason);

    [LoggerMessage(1006, LogLevel.Warning, "The store is away: {Reason}; it is tried again", EventName = "StoreAway")]
    public static partial void StoreAway(ILogger logger, string reason);

    [LoggerMessage(1007, LogLevel.Warning, "The error queues cannot be counted: {Reason}; it is tried again", EventName = "ErrorQueuesNotCounted")]
    public static partial void ErrorQueuesNotCounted(ILogger logger, string reason);

    [LoggerMessage(1008, LogLevel.Warning, "{Method} {Path} is answered 503: {Reason}", EventName = "RequestRefused")]
    public static partial void RequestRefused(ILogger logger, string method, string path, string reason);

    [LoggerMessage(1020, LogLevel.Information, "Node {NodeId} asks to join: {Outcome}", EventName = "NodeAsked")]
    public static partial void NodeAsked(ILogger logger, string nodeId, string outcome);

    [LoggerMessage(1021, LogLevel.Information, "Node {NodeId} is removed: its user of the broker and its queue are deleted", EventName = "NodeRevoked")]
    public static partial void NodeRevoked(ILogger logger, string nodeId);
}
