using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Placement;

namespace Orchestrator.Scheduler.Nodes;

/// <summary>Another scheduler changed nodes: each instance reads them again.</summary>
internal sealed class NodesChangedConsumer(NodeView view) : IConsumer<NodesChanged>
{
    public Task Consume(ConsumeContext<NodesChanged> context) =>
        view.RefreshAsync(context.Message.Nodes.Select(node => node.NodeId).ToHashSet(), context.CancellationToken);
}
