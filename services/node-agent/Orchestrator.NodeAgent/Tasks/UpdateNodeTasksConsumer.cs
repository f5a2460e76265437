using MassTransit;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Tasks;

internal sealed class UpdateNodeTasksConsumer(NodeTasks tasks, IOptions<NodeAgentOptions> options) : IConsumer<UpdateNodeTasks>
{
    public Task Consume(ConsumeContext<UpdateNodeTasks> context)
    {
        if (context.Message.NodeId == options.Value.NodeId)
        {
            tasks.Instruct(context.Message.Tasks, full: context.Message.AsOf is not null);
        }

        return Task.CompletedTask;
    }
}
