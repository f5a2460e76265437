using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>Whom containers of this node may reach, and who may reach them. Networks are looked at where a connection begins, policies at both ends.</summary>
internal static class PolicyRules
{
    public static IEnumerable<RuleSource> Of(NodeNetwork network, object place, IReadOnlyList<LocalContainer> containers)
    {
        var names = new Lazy<ILookup<(string App, string Service), string>>(() => network.Services.Where(service => !service.Removed).ToLookup(service => (service.App, service.Service), service => service.ServiceId));
        var specs = new Lazy<Dictionary<string, NetworkSpec>>(() => network.Services.ToDictionary(service => service.ServiceId, service => service.Network));
        foreach (var group in containers.GroupBy(container => (container.ServiceId, container.App)))
        {
            // While a service changes, its newest container tells.
            var spec = specs.Value.GetValueOrDefault(group.Key.ServiceId) ?? group.Last().Network;
            IReadOnlyList<LocalContainer> members = [.. group];
            IEnumerable<string> named = (spec.Policy?.Ingress ?? []).Concat(spec.Policy?.Egress ?? []).SelectMany(rule => Named(rule, group.Key.App, names.Value));
            yield return new RuleSource("policy " + group.Key.ServiceId, [place, spec, .. members, .. named], () => Of(network, group.Key, spec, members, names));
        }
    }

    private static RulePart Of(
        NodeNetwork network, (string Id, string App) service, NetworkSpec spec, IReadOnlyList<LocalContainer> containers, Lazy<ILookup<(string App, string Service), string>> names)
    {
        var draft = new RuleDraft();
        var (serviceId, app) = service;
        var from = "from_" + serviceId;
        var strict = spec.Policy?.Egress is not null || NetworkSpec.AttachmentsOf(spec).All(attachment => attachment.Internal);
        draft.Chain(from, Leaving(draft, network, service, spec, names));
        var to = spec.Policy?.Ingress is { } ingress ? AddIngress(draft, serviceId, app, ingress, names) : null;
        foreach (var container in containers)
        {
            draft.Add(RuleNames.From, container.Address, "goto " + from);
            if (strict)
            {
                draft.Add(RuleNames.Strict, container.Address, "goto " + from);
            }

            if (to is not null)
            {
                draft.Add(RuleNames.To, container.Address, "goto " + to);
            }
        }

        return draft.ToPart();
    }

    private static string AddIngress(
        RuleDraft draft, string serviceId, string app, IReadOnlyList<NetworkPolicyRule> rules, Lazy<ILookup<(string App, string Service), string>> names)
    {
        var chain = "to_" + serviceId;
        draft.Chain(chain, [.. rules.SelectMany(rule => Matches(draft, rule, app, "saddr", names)).Select(match => match + "accept"), "goto " + RuleNames.Refuse]);
        return chain;
    }

    private static IReadOnlyList<string> Leaving(RuleDraft draft, NodeNetwork network, (string Id, string App) service, NetworkSpec spec, Lazy<ILookup<(string App, string Service), string>> names)
    {
        var (serviceId, app) = service;
        var attachments = NetworkSpec.AttachmentsOf(spec);
        var rules = new List<string> { $"ip daddr @{RuleNames.Nodes} accept" };
        if (attachments.All(attachment => attachment.Internal))
        {
            rules.Add($"ip daddr != {network.Range} goto {RuleNames.Refuse}");
        }

        if (spec.Policy?.Egress is { } egress)
        {
            // Allowed by name first; what of that is in the cluster must be in a common network, too.
            var allowed = "out_" + serviceId;
            draft.Chain(allowed, Reaching(draft, network, app, attachments));
            rules.AddRange(egress.SelectMany(rule => Matches(draft, rule, app, "daddr", names)).Select(match => $"{match}goto {allowed}"));
            rules.Add("goto " + RuleNames.Refuse);
            return rules;
        }

        return [.. rules, .. Reaching(draft, network, app, attachments)];
    }

    private static IReadOnlyList<string> Reaching(RuleDraft draft, NodeNetwork network, string app, IReadOnlyList<NetworkAttachment> attachments)
    {
        var reached = attachments.Select(attachment => RuleNames.OfNetwork(attachment.NameIn(app))).Distinct().ToList();
        reached.ForEach(name => draft.Set(name, "type ipv4_addr"));
        return
        [
            $"ip daddr != {network.Range} accept",
            .. reached.Select(name => $"ip daddr @{name} goto {RuleNames.Arriving}"),
            "goto " + RuleNames.Stranger,
        ];
    }

    /// <returns>One match for each service, application or range, and for each protocol that it names ports of.</returns>
    private static IEnumerable<string> Matches(RuleDraft draft, NetworkPolicyRule rule, string app, string side, Lazy<ILookup<(string App, string Service), string>> names)
    {
        IEnumerable<string> whom = rule switch
        {
            { Cidr: { } cidr } => [$"ip {side} {cidr} "],
            { Service: null, App: null } => [""],
            _ => Named(rule, app, names.Value).Select(id => OfSet(draft, side, RuleNames.OfService(id))),
        };
        return from who in whom
               from ports in PortMatches(rule.Ports)
               select who + ports;
    }

    /// <returns>Ids of the services that the rule means.</returns>
    private static IEnumerable<string> Named(NetworkPolicyRule rule, string app, ILookup<(string App, string Service), string> names) => rule switch
    {
        { Cidr: not null } => [],
        { Service: { } service } => names[(rule.App ?? app, service)],
        { App: { } other } => names.Where(name => name.Key.App == other).SelectMany(ids => ids),
        _ => [],
    };

    private static string OfSet(RuleDraft draft, string side, string set)
    {
        draft.Set(set, "type ipv4_addr");
        return $"ip {side} @{set} ";
    }

    private static IEnumerable<string> PortMatches(IReadOnlyList<string> ports) => ports.Count == 0
        ? [""]
        : ports.Select(port => port.Split('/')).GroupBy(parts => parts.ElementAtOrDefault(1) ?? "tcp", parts => parts[0])
            .Select(group => $"{group.Key} dport {{ {string.Join(", ", group)} }} ");
}
