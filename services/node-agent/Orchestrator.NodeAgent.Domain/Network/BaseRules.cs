using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>What is there whatever services there are: where the kernel enters the table, and the sets and maps that lead on.</summary>
internal static class BaseRules
{
    // Before the engine's own, which would send a published port to its proxy, and drop what it does not know.
    private const string BeforeEngineNat = "type nat hook {0} priority -110";
    private const string BeforeEngineMasquerade = "type nat hook postrouting priority 90";
    private const string BeforeConnections = "type filter hook {0} priority -300";
    private const string BeforeEngineFilter = "type filter hook forward priority -10";

    public static RulePart Of(NodeNetwork network)
    {
        var draft = new RuleDraft();
        draft.Set(RuleNames.Nodes, "type ipv4_addr");
        foreach (var subnet in network.PeerSubnets.Prepend(network.Subnet))
        {
            // The tunnel's end, and the bridge's.
            draft.Add(RuleNames.Nodes, subnet.At(0));
            draft.Add(RuleNames.Nodes, subnet.At(1));
        }

        draft.Set(RuleNames.Members, "type ipv4_addr");
        draft.Set(RuleNames.Hairpin, "type ipv4_addr . ipv4_addr");
        draft.Set(RuleNames.Vips, "type ipv4_addr : verdict");
        draft.Set(RuleNames.Ports, "type inet_proto . inet_service : verdict");
        draft.Set(RuleNames.AddressPorts, "type ipv4_addr . inet_proto . inet_service : verdict");
        draft.Set(RuleNames.From, "type ipv4_addr : verdict");
        draft.Set(RuleNames.Strict, "type ipv4_addr : verdict");
        draft.Set(RuleNames.To, "type ipv4_addr : verdict");

        // An ICMP error, which TCP takes as refused: the kernel sends no reset for a connection that was to be redirected.
        draft.Chain(RuleNames.Refuse, ["reject"]);
        draft.Chain(RuleNames.Stranger, [$"ip daddr @{RuleNames.Members} goto {RuleNames.Refuse}", "drop"]);
        draft.Chain(RuleNames.Arriving, [$"ip daddr vmap @{RuleNames.To}", "accept"]);
        AddTunnel(draft, network);
        AddNat(draft, network);
        draft.Hook("forward", BeforeEngineFilter,
        [
            "ct state established,related accept",
            $"ip saddr != {network.Range} ip daddr != {network.Range} accept",
            $"ip daddr {network.Vips} goto {RuleNames.Refuse}",

            // Whose egress is narrowed goes by that through published ports, too; these are open to all others who reach a node.
            $"iifname \"{network.Bridge}\" ip saddr vmap @{RuleNames.Strict}",
            $"ct status dnat ct original ip daddr != {network.Range} goto {RuleNames.Arriving}",
            $"iifname \"{network.Bridge}\" ip saddr vmap @{RuleNames.From}",

            // A container that nobody has told of yet: it tries again when it is known.
            $"iifname \"{network.Bridge}\" drop",
            $"iifname \"{network.Tunnel}\" ip saddr {network.Range} goto {RuleNames.Arriving}",
            "drop",
        ]);
        return draft.ToPart();
    }

    /// <summary>
    /// Each connection between containers has a port of its own on the outside, so that the kernel would remember it twice, on both nodes, and look it up for each packet. Nobody asks for that.
    /// What containers send to that port is a connection as any.
    /// </summary>
    private static void AddTunnel(RuleDraft draft, NodeNetwork network)
    {
        // The table is of IPv4.
        if (Ipv4Range.Parse(network.Address + "/32") is null)
        {
            return;
        }

        draft.Hook("tunnel-in", At(BeforeConnections, "prerouting"), [$"ip daddr {network.Address} udp dport {network.TunnelPort} notrack"]);
        draft.Hook("tunnel-out", At(BeforeConnections, "output"), [$"udp dport {network.TunnelPort} ip daddr != {network.Range} notrack"]);
    }

    private static void AddNat(RuleDraft draft, NodeNetwork network)
    {
        string[] published =
        [
            "fib daddr type != local return",
            $"ip daddr . meta l4proto . th dport vmap @{RuleNames.AddressPorts}",
            $"meta l4proto . th dport vmap @{RuleNames.Ports}",
        ];
        var vips = $"ip daddr {network.Vips} ip daddr vmap @{RuleNames.Vips}";
        draft.Hook("prerouting", At(BeforeEngineNat, "prerouting"), [vips, .. published]);

        // What this machine itself connects to; loopback is the relay's.
        draft.Hook("output", At(BeforeEngineNat, "output"), [vips, "ip daddr 127.0.0.0/8 return", .. published]);
        draft.Hook("postrouting", BeforeEngineMasquerade,
        [
            $"ip saddr . ip daddr @{RuleNames.Hairpin} masquerade",

            // The answer must come back through here.
            $"oifname \"{network.Tunnel}\" ip saddr != {network.Range} masquerade",
            $"ip saddr {network.Subnet} ip daddr != {network.Range} oifname != \"{network.Bridge}\" masquerade",
        ]);
    }

    private static string At(string hook, string place) => hook.Replace("{0}", place, StringComparison.Ordinal);
}
