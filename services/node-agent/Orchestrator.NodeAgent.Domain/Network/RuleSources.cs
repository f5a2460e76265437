using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>What a node knows, as parts of the rules of its kernel. What belongs to one service stands in chains of its own, so that its change touches no other.</summary>
internal static class RuleSources
{
    public static IEnumerable<RuleSource> Of(NodeNetwork network)
    {
        object place = (network.NodeId, network.Bridge, network.Tunnel, network.Range, network.Vips, network.Subnet);
        yield return new RuleSource("base", [place, .. network.PeerSubnets], () => BaseRules.Of(network));
        var containers = network.Containers.Where(container => !network.Left.Contains(container.TaskId)).ToList();
        foreach (var container in containers)
        {
            yield return new RuleSource("container " + container.TaskId, [container], () => Of(container));
        }

        foreach (var service in network.Services.Where(service => !service.Removed))
        {
            IReadOnlyList<object> left = network.Left.Count > 0 ? [.. service.Tasks.Where(task => network.Left.Contains(task.TaskId))] : [];
            IReadOnlyList<object> silent = network.Silent.Count > 0 ? [.. service.Tasks.Where(task => network.Silent.Contains(task.NodeId)).Select(task => (task, "silent"))] : [];
            yield return new RuleSource("service " + service.ServiceId, [place, service, .. left, .. silent], () => Of(network, service));
        }

        foreach (var source in PolicyRules.Of(network, place, containers))
        {
            yield return source;
        }
    }

    private static RulePart Of(LocalContainer container)
    {
        var draft = new RuleDraft();
        draft.Add(RuleNames.Hairpin, $"{container.Address} . {container.Address}");
        AddMember(draft, container.App, container.ServiceId, container.Network, container.Address);
        return draft.ToPart();
    }

    private static RulePart Of(NodeNetwork network, ServiceEndpoints service)
    {
        var draft = new RuleDraft();
        foreach (var task in service.Tasks)
        {
            AddMember(draft, service.App, service.ServiceId, service.Network, task.Address);
        }

        BalancingRules.Add(draft, network, service);
        return draft.ToPart();
    }

    private static void AddMember(RuleDraft draft, string app, string serviceId, NetworkSpec network, string address)
    {
        draft.Add(RuleNames.Members, address);
        draft.Add(RuleNames.OfService(serviceId), address);
        foreach (var attachment in NetworkSpec.AttachmentsOf(network))
        {
            draft.Add(RuleNames.OfNetwork(attachment.NameIn(app)), address);
        }
    }
}
