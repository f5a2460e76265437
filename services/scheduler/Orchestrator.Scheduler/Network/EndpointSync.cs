using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Network;

/// <summary>The full set of endpoints, to a node that asks.</summary>
internal sealed class EndpointSync(IServiceStore services, ITaskStore tasks, IRevisionStore revisions, NodeView view, IBus bus)
{
    public async Task AnswerAsync(string nodeId, CancellationToken cancellation)
    {
        var nodes = view.AddressesThatAnswer;
        if (view.Addresses.All(node => node.NodeId != nodeId))
        {
            return;
        }

        var told = (await services.ListAsync(null, cancellation)).Where(service => service.Network is not null).ToList();
        var specs = (await revisions.FindManyAsync([.. told.Select(service => (service.Id, service.Revision))], cancellation)).ToDictionary(revision => revision.ServiceId, revision => revision.Spec);
        var all = (await tasks.ListAsync(null, null, cancellation)).ToLookup(task => task.ServiceId);
        var message = new UpdateEndpoints
        {
            NodeId = nodeId,
            Full = true,
            Services = [.. told.Where(service => specs.ContainsKey(service.Id)).Select(service => EndpointMessages.Of(service, specs[service.Id], all[service.Id], nodes))],
        };
        await bus.SendManyAsync([(NodeQueue.Address(nodeId), message)], cancellation);
    }
}
