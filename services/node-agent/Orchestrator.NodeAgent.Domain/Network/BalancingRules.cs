using System.Globalization;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>
/// A service's address and published ports, dealt to its ready tasks. These stand in one map for all of the service's rules: the kernel
/// looks at all sets for each map without a name, which makes thousands of them slow.
/// </summary>
internal static class BalancingRules
{
    public static void Add(RuleDraft draft, NodeNetwork network, ServiceEndpoints service)
    {
        var ready = TakingTasks.Of(service, network.Left, network.Silent).OrderBy(task => task.TaskId, StringComparer.Ordinal).ToList();
        var local = ready.Where(task => task.NodeId == network.NodeId).ToList();
        var dealt = new Dealt(RuleNames.TargetsOf(service.ServiceId), service.Network.LocalFirst && local.Count > 0 ? local : ready, service.Network.ClientAffinity);
        if (service.Vip is { } vip)
        {
            var chain = "vip_" + service.ServiceId;
            draft.Chain(chain, dealt.Rules(draft, null, ""));
            draft.Add(RuleNames.Vips, vip, "jump " + chain);
        }

        var behindPorts = service.Network.ExternalTrafficPolicy == ExternalTrafficPolicy.Local
            ? new Dealt(RuleNames.LocalTargetsOf(service.ServiceId), local, service.Network.ClientAffinity)
            : dealt;

        // Clients of IPv6 are the relay's: the containers have addresses of IPv4 alone.
        foreach (var port in service.Ports.Where(port => port is { Mode: PortMode.Ingress, Published: not null } && !PublishedAddress.IsIpv6(port.HostIp)))
        {
            AddPort(draft, service, port, behindPorts);
        }
    }

    private static void AddPort(RuleDraft draft, ServiceEndpoints service, PortSpec port, Dealt targets)
    {
        var protocol = port.Protocol == PortProtocol.Udp ? "udp" : "tcp";
        var published = Text(port.Published!.Value);
        var chain = $"port_{service.ServiceId}_{protocol}_{published}_{Text(port.Target)}";
        draft.Chain(chain, targets.Rules(draft, port.Target, $"meta l4proto {protocol} "));
        if (port.HostIp is { } address and not "0.0.0.0")
        {
            draft.Add(RuleNames.AddressPorts, $"{address} . {protocol} . {published}", "jump " + chain);
        }
        else
        {
            draft.Add(RuleNames.Ports, $"{protocol} . {published}", "jump " + chain);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <param name="Map">Of the tasks by number, where there are several.</param>
    /// <param name="Tasks">That take connections.</param>
    /// <param name="ByClient">A client's go to one of them.</param>
    private sealed record Dealt(string Map, IReadOnlyList<TaskEndpoint> Tasks, bool ByClient)
    {
        public IReadOnlyList<string> Rules(RuleDraft draft, int? port, string match)
        {
            if (Tasks.Count == 0)
            {
                return [];
            }

            if (Tasks.Count == 1)
            {
                return [$"{match}dnat to {Tasks[0].Address}{(port is { } one ? ":" + Text(one) : "")}"];
            }

            var isNew = draft.Set(Map, "typeof numgen inc mod 2 : ip daddr");
            for (var i = 0; isNew && i < Tasks.Count; i++)
            {
                draft.Add(Map, Text(i), Tasks[i].Address);
            }

            return [$"{match}dnat to {(ByClient ? "jhash ip saddr" : "numgen inc")} mod {Text(Tasks.Count)} map @{Map}{(port is { } number ? " : " + Text(number) : "")}"];
        }
    }
}
