using MassTransit;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Tasks;

internal sealed class EndsTakenConsumer(NodeTasks tasks, IOptions<NodeAgentOptions> options) : IConsumer<EndsTaken>
{
    public Task Consume(ConsumeContext<EndsTaken> context)
    {
        if (context.Message.NodeId == options.Value.NodeId)
        {
            tasks.EndsTaken(context.Message.TaskIds);
        }

        return Task.CompletedTask;
    }
}
