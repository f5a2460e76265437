using Microsoft.Extensions.Logging;

namespace Orchestrator.Scheduler;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Information, "Command {CommandId} ({Command}) of {App}: {Outcome}", EventName = "CommandAnswered")]
    public static partial void CommandAnswered(ILogger logger, string commandId, string command, string app, string outcome);

    [LoggerMessage(2002, LogLevel.Information, "Service {ServiceId} ({App}/{Service}): {Created} tasks created, {Stopped} told to stop, {Waiting} wait for a node", EventName = "ServiceReconciled")]
    public static partial void ServiceReconciled(ILogger logger, string serviceId, string app, string service, int created, int stopped, int waiting);

    [LoggerMessage(2003, LogLevel.Information, "Rollout {RolloutId}: {State} {Reason}", EventName = "RolloutChanged")]
    public static partial void RolloutChanged(ILogger logger, string rolloutId, string state, string? reason);

    [LoggerMessage(2004, LogLevel.Information, "Node {NodeId} ({Name}) joined", EventName = "NodeJoined")]
    public static partial void NodeJoined(ILogger logger, string nodeId, string name);

    [LoggerMessage(2005, LogLevel.Warning, "Node {NodeId} runs {Count} containers that no stored task knows; they run on", EventName = "ContainersUnknown")]
    public static partial void ContainersUnknown(ILogger logger, string nodeId, int count);

    [LoggerMessage(2006, LogLevel.Error, "A sweep failed; the next one tries again", EventName = "SweepFailed")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(2007, LogLevel.Warning, "Node {NodeId}: {Count} reservations that no live task has were dropped", EventName = "ReservationsDropped")]
    public static partial void ReservationsDropped(ILogger logger, string nodeId, int count);

    [LoggerMessage(2008, LogLevel.Error, "Service {ServiceId}: a pass failed; it stays dirty and the sweep tries again", EventName = "ReconcileFailed")]
    public static partial void ReconcileFailed(ILogger logger, string serviceId, Exception exception);

    [LoggerMessage(2009, LogLevel.Information, "Node {NodeId} ({Name}) is {Liveness}: {Reason}", EventName = "NodeLivenessFollowed")]
    public static partial void NodeLivenessFollowed(ILogger logger, string nodeId, string name, string liveness, string? reason);

    [LoggerMessage(2010, LogLevel.Warning, "Node {NodeId} is {Liveness}: {Count} tasks count no more", EventName = "TasksLost")]
    public static partial void TasksLost(ILogger logger, string nodeId, int count, string liveness);

    [LoggerMessage(2011, LogLevel.Information, "Node {NodeId} ({Name}) is removed", EventName = "NodeRemoved")]
    public static partial void NodeRemoved(ILogger logger, string nodeId, string name);

    [LoggerMessage(2020, LogLevel.Warning, "Node {NodeId} ({Name}) gets no subnet: {Reason}", EventName = "NodeWithoutSubnet")]
    public static partial void NodeWithoutSubnet(ILogger logger, string nodeId, string name, string reason);

    [LoggerMessage(2021, LogLevel.Warning, "Service {App}/{Service} gets no address: {Reason}", EventName = "ServiceWithoutAddress")]
    public static partial void ServiceWithoutAddress(ILogger logger, string app, string service, string reason);

    [LoggerMessage(2012, LogLevel.Information, "{Count} tasks are moved; the first: {Reason}", EventName = "TasksMoved")]
    public static partial void TasksMoved(ILogger logger, int count, string reason);

    [LoggerMessage(2022, LogLevel.Warning, "Node {NodeId} ({Name}) gets no new tasks for a while: {Reason}", EventName = "NodeQuarantined")]
    public static partial void NodeQuarantined(ILogger logger, string nodeId, string name, string reason);

    [LoggerMessage(2023, LogLevel.Warning, "Task {TaskId} leaves node {NodeId}, which is short of memory", EventName = "TaskLeavesForPressure")]
    public static partial void TaskLeaves(ILogger logger, string taskId, string nodeId);

    [LoggerMessage(2024, LogLevel.Information, "Task {TaskId}, which node {NodeId} started after {EndedId} by itself, is taken over", EventName = "SuccessorAdopted")]
    public static partial void SuccessorAdopted(ILogger logger, string taskId, string endedId, string nodeId);
}
