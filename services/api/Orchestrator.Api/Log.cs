using Microsoft.Extensions.Logging;

namespace Orchestrator.Api;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "Command {CommandId} ({Command}) of {App} taken", EventName = "CommandTaken")]
    public static partial void CommandTaken(ILogger logger, string commandId, string command, string app);

    [LoggerMessage(1002, LogLevel.Warning, "{Count} commands are not answered and are published again", EventName = "CommandsRepublished")]
    public static partial void CommandsRepublished(ILogger logger, int count);

    [LoggerMessage(1003, LogLevel.Error, "{Work} failed; it is tried again", EventName = "BackgroundWorkFailed")]
    public static partial void BackgroundWorkFailed(ILogger logger, string work, Exception exception);

    [LoggerMessage(1004, LogLevel.Information, "A token was made and written to {Path}", EventName = "TokenMade")]
    public static partial void TokenMade(ILogger logger, string path);

    [LoggerMessage(1020, LogLevel.Information, "Node {NodeId} asks to join: {Outcome}", EventName = "NodeAsked")]
    public static partial void NodeAsked(ILogger logger, string nodeId, string outcome);
}
