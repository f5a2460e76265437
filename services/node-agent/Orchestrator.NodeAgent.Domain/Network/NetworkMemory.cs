using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>All that the node keeps of the cluster's network, so that it routes on with nobody to ask.</summary>
public sealed record NetworkMemory
{
    /// <summary>Null: the node has no part in it yet.</summary>
    public UpdateNodeNetwork? Network { get; init; }

    /// <summary>By service id. A removed one stays, to keep late messages out.</summary>
    public IReadOnlyDictionary<string, ServiceEndpoints> Services { get; init; } = new Dictionary<string, ServiceEndpoints>();

    /// <summary>By task id.</summary>
    public IReadOnlyDictionary<string, LocalContainer> Containers { get; init; } = new Dictionary<string, LocalContainer>();

    /// <summary>Tasks of this node that take nothing any more.</summary>
    public IReadOnlyCollection<string> Left { get; init; } = [];

    /// <summary>Nodes that do not answer this one.</summary>
    public IReadOnlyCollection<string> Silent { get; init; } = [];

    public string? LastAddress { get; init; }

    public NodeAddress? Own => Network?.Nodes.FirstOrDefault(node => node.NodeId == Network.NodeId);

    public NetworkMemory Take(UpdateNodeNetwork network) => Network is null || network.AsOf >= Network.AsOf ? this with { Network = network } : this;

    public NetworkMemory Take(IReadOnlyList<ServiceEndpoints> services, bool full)
    {
        var fresh = services.Where(service => !Services.TryGetValue(service.ServiceId, out var known) || service.Version >= known.Version).ToDictionary(service => service.ServiceId);
        var named = services.Select(service => service.ServiceId).ToHashSet();
        var after = Services.Where(known => !fresh.ContainsKey(known.Key) && (!full || named.Contains(known.Key))).Concat(fresh).ToDictionary();
        return Left.Count == 0 ? this with { Services = after } : this with { Services = after, Left = StillKnown(after) };
    }

    public NetworkMemory Put(LocalContainer container) => this with { Containers = new Dictionary<string, LocalContainer>(Containers) { [container.TaskId] = container } };

    public NetworkMemory Drop(string taskId) => Leave(taskId) with { Containers = Containers.Where(container => container.Key != taskId).ToDictionary() };

    public NetworkMemory Leave(string taskId) => Left.Contains(taskId) ? this : this with { Left = [.. Left, taskId] };

    /// <summary>Other nodes with tasks that take connections.</summary>
    public IReadOnlyList<NodeAddress> Peers
    {
        get
        {
            var with = Services.Values.SelectMany(service => service.Tasks).Where(task => task.Takes).Select(task => task.NodeId).ToHashSet();
            return [.. (Network?.Nodes ?? []).Where(node => node.NodeId != Network!.NodeId && with.Contains(node.NodeId))];
        }
    }

    /// <returns>Services as they are now, and as they were last where they are forgotten: those told otherwise since, or with tasks on nodes that answer no more, or again.</returns>
    public IReadOnlyList<ServiceEndpoints> ChangedSince(NetworkMemory? before)
    {
        if (before is null)
        {
            return [.. Services.Values];
        }

        var turned = Silent.Except(before.Silent).Concat(before.Silent.Except(Silent)).ToHashSet();
        return
        [
            .. Services.Where(service => !ReferenceEquals(before.Services.GetValueOrDefault(service.Key), service.Value) || (turned.Count > 0 && service.Value.Tasks.Any(task => turned.Contains(task.NodeId))))
                .Select(service => service.Value),
            .. before.Services.Where(service => !Services.ContainsKey(service.Key)).Select(service => service.Value),
        ];
    }

    /// <returns>The tasks of a service that take new connections from here.</returns>
    public IReadOnlyList<TaskEndpoint> Taking(ServiceEndpoints service) => TakingTasks.Of(service, Left, Silent);

    /// <returns>The address to give next; null when none is free.</returns>
    public string? NextAddress(Ipv4Range subnet) => AddressTurn.Next(subnet, LastAddress, Containers.Values.Select(container => container.Address).ToHashSet());

    private IReadOnlyCollection<string> StillKnown(Dictionary<string, ServiceEndpoints> services)
    {
        var told = services.Values.SelectMany(service => service.Tasks).Select(task => task.TaskId).ToHashSet();
        return [.. Left.Where(task => told.Contains(task) || Containers.ContainsKey(task))];
    }

    /// <returns>Null while the node has no part in the cluster's network.</returns>
    public NodeNetwork? ToNetwork(NetworkNames names, int tunnelPort) => Own is not { } own ? null : new NodeNetwork
    {
        NodeId = own.NodeId,
        Bridge = names.Bridge,
        Tunnel = names.Tunnel,
        Address = own.Address,
        TunnelPort = tunnelPort,
        Range = Ipv4Range.Parse(Network!.Range)!.Value,
        Vips = Ipv4Range.Parse(Network.Vips)!.Value,
        Subnet = Ipv4Range.Parse(own.Subnet)!.Value,
        PeerSubnets = [.. Network.Nodes.Where(node => node.NodeId != own.NodeId).Select(node => Ipv4Range.Parse(node.Subnet)!.Value)],
        Containers = [.. Containers.Values],
        Left = Left.ToHashSet(),
        Silent = Silent.ToHashSet(),
        Services = [.. Services.Values],
    };
}
