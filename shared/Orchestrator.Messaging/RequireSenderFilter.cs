using MassTransit;

namespace Orchestrator.Messaging;

/// <summary>
/// Takes a report only from the node it speaks of, or from this process's own user (a single node). The broker vouches for the
/// user's name in each message. What a node's user sends and is no report is refused too.
/// </summary>
internal sealed class RequireSenderFilter(string ownUser, RefusedSenders refused) : IFilter<ConsumeContext>
{
    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        var sender = context.BrokerUser();
        if (sender == ownUser)
        {
            return next.Send(context);
        }

        var nodeIds = ReportSenders.NodeIds(context);
        if (nodeIds.Count == 0 && sender?.StartsWith(BrokerUsers.NodePrefix, StringComparison.Ordinal) == true)
        {
            throw refused.Refuse(sender, "what is no report; a node's user may send nothing else");
        }

        foreach (var nodeId in nodeIds)
        {
            if (nodeId is null || sender != BrokerUsers.OfNode(nodeId))
            {
                throw refused.Refuse(sender, $"a report of node '{nodeId}', which only user '{BrokerUsers.OfNode(nodeId ?? "")}' may send");
            }
        }

        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("require-sender");
}
