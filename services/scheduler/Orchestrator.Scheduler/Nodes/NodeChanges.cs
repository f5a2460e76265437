using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

/// <summary>
/// A node is another than it was: services look again whose tasks are there, that have a task on each node, or that wait for one.
/// May be repeated at any time; the node stays dirty until it is done.
/// </summary>
internal sealed class NodeChanges(INodeStore nodes, ITaskStore tasks, IServiceStore services, NodeView view, IBus bus)
{
    public async Task SweepAsync(CancellationToken cancellation)
    {
        foreach (var nodeId in view.Dirty)
        {
            await FollowAsync(nodeId, cancellation);
        }
    }

    public async Task FollowAsync(string nodeId, CancellationToken cancellation)
    {
        await view.RefreshAsync([nodeId], cancellation);
        if (await nodes.FindAsync(nodeId, cancellation) is not { DirtySince: not null } node)
        {
            return;
        }

        var here = await tasks.ListLiveByNodeAsync(nodeId, cancellation);
        var others = await services.ListAsync(null, cancellation);
        var changed = here.Select(task => task.ServiceId)
            .Concat(others.Where(service => service is { Removed: false } && (service.Mode == ServiceMode.Global || service.UnschedulableReasons.Count > 0)).Select(service => service.Id))
            .ToHashSet();
        await bus.PublishManyAsync([.. changed.Select(id => new ServiceChanged { ServiceId = id })], cancellation);
        if (await nodes.TryReplaceAsync(node with { DirtySince = null }, cancellation))
        {
            await view.RefreshAsync([nodeId], cancellation);
        }
    }
}
