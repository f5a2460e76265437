using MassTransit;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Heartbeats;
using Orchestrator.NodeAgent.Join;

namespace Orchestrator.NodeAgent.Tasks;

internal sealed class UpdateNodeTasksConsumer(NodeTasks tasks, NodeConnection connection, BeatInterval beats, IOptions<NodeAgentOptions> options) : IConsumer<UpdateNodeTasks>
{
    public Task Consume(ConsumeContext<UpdateNodeTasks> context)
    {
        if (context.Message.NodeId == options.Value.NodeId)
        {
            tasks.Instruct(context.Message.Tasks, full: context.Message.AsOf is not null);
            if (context.Message.AsOf is not null)
            {
                connection.Answered();
            }

            if (context.Message.HeartbeatSeconds is { } seconds)
            {
                beats.Told(seconds);
            }
        }

        return Task.CompletedTask;
    }
}
