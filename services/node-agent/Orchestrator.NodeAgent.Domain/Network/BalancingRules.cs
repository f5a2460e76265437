using System.Globalization;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>A service's address and published ports, dealt to its ready tasks.</summary>
internal static class BalancingRules
{
    public static void Add(RuleDraft draft, NodeNetwork network, ServiceEndpoints service)
    {
        var ready = service.Tasks.Where(task => task.Takes && !network.Left.Contains(task.TaskId)).OrderBy(task => task.TaskId, StringComparer.Ordinal).ToList();
        var local = ready.Where(task => task.NodeId == network.NodeId).ToList();
        if (service.Vip is { } vip)
        {
            var chain = "vip_" + service.ServiceId;
            draft.Chain(chain, Deal(Choice(service, ready, local), service.Network.ClientAffinity, ""));
            draft.Add(RuleNames.Vips, vip, "jump " + chain);
        }

        var targets = service.Network.ExternalTrafficPolicy == ExternalTrafficPolicy.Local ? local : Choice(service, ready, local);
        foreach (var port in service.Ports.Where(port => port is { Mode: PortMode.Ingress, Published: not null }))
        {
            AddPort(draft, service, port, targets);
        }
    }

    private static IReadOnlyList<TaskEndpoint> Choice(ServiceEndpoints service, IReadOnlyList<TaskEndpoint> ready, IReadOnlyList<TaskEndpoint> local) =>
        service.Network.LocalFirst && local.Count > 0 ? local : ready;

    private static void AddPort(RuleDraft draft, ServiceEndpoints service, PortSpec port, IReadOnlyList<TaskEndpoint> targets)
    {
        var protocol = port.Protocol == PortProtocol.Udp ? "udp" : "tcp";
        var published = Text(port.Published!.Value);
        var chain = $"port_{service.ServiceId}_{protocol}_{published}_{Text(port.Target)}";
        draft.Chain(chain, Deal(targets, service.Network.ClientAffinity, Text(port.Target), $"meta l4proto {protocol} "));
        if (port.HostIp is { } address and not "0.0.0.0")
        {
            draft.Add(RuleNames.AddressPorts, $"{address} . {protocol} . {published}", "jump " + chain);
        }
        else
        {
            draft.Add(RuleNames.Ports, $"{protocol} . {published}", "jump " + chain);
        }
    }

    private static IReadOnlyList<string> Deal(IReadOnlyList<TaskEndpoint> tasks, bool byClient, string port, string match = "")
    {
        var suffix = port.Length > 0 ? ":" + port : "";
        return tasks switch
        {
            [] => [],
            [var only] => [$"{match}dnat to {only.Address}{suffix}"],
            _ => [$"{match}dnat to {(byClient ? "jhash ip saddr" : "numgen inc")} mod {Text(tasks.Count)} map {{ {string.Join(", ", tasks.Select((task, i) => $"{Text(i)} : {task.Address}"))} }}{suffix}"],
        };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
