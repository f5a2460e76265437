using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Nodes;

/// <summary>A verdict says that there is something to look at; what counts is what the health monitor has stored, so that an outdated one does nothing.</summary>
internal sealed class NodeVerdictConsumer(LivenessFollower follower) :
    IConsumer<NodeUnreachable>, IConsumer<NodeLost>, IConsumer<NodeRecovered>, IConsumer<NodeDown>
{
    public Task Consume(ConsumeContext<NodeUnreachable> context) => FollowAsync(context);

    public Task Consume(ConsumeContext<NodeLost> context) => FollowAsync(context);

    public Task Consume(ConsumeContext<NodeRecovered> context) => FollowAsync(context);

    public Task Consume(ConsumeContext<NodeDown> context) => FollowAsync(context);

    private Task FollowAsync<T>(ConsumeContext<T> context)
        where T : OrchestratorEvent =>
        context.Message.NodeId is { } nodeId ? follower.FollowAsync(nodeId, context.CancellationToken) : Task.CompletedTask;
}
