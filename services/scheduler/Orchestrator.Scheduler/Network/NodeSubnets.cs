using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Events;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Network;

/// <summary>Gives each node that can be part of the cluster's network a subnet of it, and takes back those of nodes that are removed.</summary>
internal sealed class NodeSubnets(NetworkSettings settings, INodeStore nodes, AddressClaims claims, NodeView view, IBus bus, TimeProvider time, ILogger<NodeSubnets> logger)
{
    /// <summary>What the node said at its joining is stored already.</summary>
    public async Task AssignAsync(string nodeId, NodeNetworkReport? report, CancellationToken cancellation)
    {
        var told = false;
        while (await nodes.FindAsync(nodeId, cancellation) is { } node)
        {
            var (network, exhausted) = await DecideAsync(node, report, cancellation);
            if (exhausted is not null && !told && node.Network?.Problems.Contains(exhausted) != true)
            {
                told = true;
                Log.NodeWithoutSubnet(logger, node.Id, node.Name, exhausted);
                await bus.Publish(
                    new AddressesExhausted { EventId = EventHead.NewId(), OccurredAt = time.GetUtcNow(), NodeId = node.Id, Version = node.Version, Range = settings.Ranges.Range.ToString(), Reason = exhausted },
                    cancellation);
            }

            if (Same(node.Network, network) || await nodes.TryReplaceAsync(node with { Network = network, UpdatedAt = time.GetUtcNow() }, cancellation))
            {
                await view.RefreshAsync([nodeId], cancellation);
                return;
            }
        }
    }

    public Task GiveBackAsync(NodeDocument node, CancellationToken cancellation) =>
        node.Network?.Subnet is { } subnet ? claims.GiveBackAsync(subnet, node.Id, cancellation) : Task.CompletedTask;

    private async Task<(NodeNetworkDocument? Network, string? Exhausted)> DecideAsync(NodeDocument node, NodeNetworkReport? report, CancellationToken cancellation)
    {
        if (report is null)
        {
            return (node.Network is null ? null : node.Network with { Problems = ["it is turned off on the node"] }, null);
        }

        var problems = settings.Ranges.Against(report).ToList();
        if (node.Address is null)
        {
            problems.Add("the agent does not know the machine's address; set NodeAgent__Address");
        }

        if (problems.Count > 0)
        {
            // It keeps what it has: its containers have addresses of it.
            return (new NodeNetworkDocument { Subnet = node.Network?.Subnet, PublicKey = report.PublicKey, Problems = problems }, null);
        }

        var all = await nodes.ListAsync(cancellation);
        var taken = all.Where(other => other.Id != node.Id).Select(other => other.Network?.Subnet).OfType<string>().ToHashSet();
        var free = settings.Ranges.FreeSubnets(taken).Select(subnet => subnet.ToString());
        if (node.Network?.Subnet is { } own && settings.Ranges.Holds(own))
        {
            free = free.Prepend(own);
        }

        foreach (var subnet in free)
        {
            if (await claims.TryClaimAsync(subnet, node.Id, async holder => await nodes.FindAsync(holder, cancellation) is null, cancellation))
            {
                return (new NodeNetworkDocument { Subnet = subnet, PublicKey = report.PublicKey }, null);
            }
        }

        var reason = settings.Ranges.SubnetsExhausted();
        return (new NodeNetworkDocument { PublicKey = report.PublicKey, Problems = [reason] }, reason);
    }

    private static bool Same(NodeNetworkDocument? a, NodeNetworkDocument? b) =>
        ReferenceEquals(a, b) || (a is not null && b is not null && a.Subnet == b.Subnet && a.PublicKey == b.PublicKey && a.Problems.SequenceEqual(b.Problems));
}
