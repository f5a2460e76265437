using MassTransit;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Network;

internal sealed class UpdateNodeNetworkConsumer(ClusterNetwork network, DrainTurns drains, IOptions<NodeAgentOptions> options)
    : IConsumer<UpdateNodeNetwork>, IConsumer<UpdateEndpoints>, IConsumer<FinishDrain>
{
    public Task Consume(ConsumeContext<UpdateNodeNetwork> context)
    {
        if (context.Message.NodeId == options.Value.NodeId)
        {
            network.Take(context.Message);
        }

        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<UpdateEndpoints> context)
    {
        if (context.Message.NodeId == options.Value.NodeId)
        {
            network.Take(context.Message);
        }

        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<FinishDrain> context)
    {
        if (context.Message.NodeId == options.Value.NodeId)
        {
            drains.Finish(context.Message.TaskIds);
        }

        return Task.CompletedTask;
    }
}
