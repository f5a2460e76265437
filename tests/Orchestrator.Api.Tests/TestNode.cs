using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Api.Tests;

/// <summary>A node that answers every question for logs with one line of each task.</summary>
internal sealed class TestNode : IConsumer<ReadTaskLogs>
{
    public Task Consume(ConsumeContext<ReadTaskLogs> context) => context.Publish(new TaskLogsRead
    {
        RequestId = context.Message.RequestId,
        NodeId = context.Message.NodeId,
        Lines = [.. context.Message.TaskIds.Select(task => new LogLine { TaskId = task, At = DateTimeOffset.UnixEpoch, Text = "a line of " + task })],
        Done = true,
    });
}
