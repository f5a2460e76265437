using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>Reads the top-level <c>networks</c>, and of a service <c>networks</c>, <c>deploy.endpoint_mode</c> and what <c>x-orchestrator</c> says of the network.</summary>
internal sealed class NetworkReader(Messages messages, Places places, IReadOnlyDictionary<string, NetworkAttachment> declared)
{
    private static readonly Dictionary<string, EndpointMode> Modes = new() { ["vip"] = EndpointMode.Vip, ["dnsrr"] = EndpointMode.Dnsrr };
    private static readonly Dictionary<string, ExternalTrafficPolicy> Traffic = new() { ["cluster"] = ExternalTrafficPolicy.Cluster, ["local"] = ExternalTrafficPolicy.Local };
    private static readonly Dictionary<string, bool> Affinities = new() { ["none"] = false, ["client"] = true };
    private static readonly NetworkSpec Standard = new();
    private NetworkSpec _spec = Standard;

    public NetworkSpec? Result => _spec == Standard ? null : _spec;

    public static IReadOnlyDictionary<string, NetworkAttachment> ReadAll(MapReader root)
    {
        var networks = new Dictionary<string, NetworkAttachment>();
        foreach (var (name, node) in root.OpenMap("networks")?.Entries ?? [])
        {
            networks[name.Value] = (node is YamlScalar { IsNull: true } ? null : Declared(root.Messages, node, name.Value)) ?? new NetworkAttachment { Name = name.Value };
        }

        return networks;
    }

    public void Deploy(MapReader deploy) => _spec = _spec with { EndpointMode = deploy.Read<EndpointMode>("endpoint_mode", (node, key) => messages.Word(node, key, Modes)) ?? EndpointMode.Vip };

    /// <summary>A list of names, or a map of names with aliases. Without any, the application's default, which may be declared.</summary>
    public void Service(MapReader service)
    {
        if (service.Find("networks") is not { } node)
        {
            if (declared.TryGetValue(NetworkAttachment.Default, out var standard) && standard != new NetworkAttachment { Name = NetworkAttachment.Default })
            {
                _spec = _spec with { Networks = [standard] };
            }

            return;
        }

        var key = service.PathOf("networks");
        var found = node switch
        {
            YamlList => (messages.Texts(node, key) ?? []).Select((name, i) => (Name: name, Aliases: (IReadOnlyList<string>)[], At: node)),
            YamlMap => MapReader.Open(messages, node, key)!.Entries.Select(entry => (Name: entry.Key.Value, Aliases: Aliases(entry.Value, $"{key}.{entry.Key.Value}"), At: (YamlNode)entry.Key)),
            _ => Wrong(node, key),
        };
        _spec = _spec with { Networks = [.. found.ToList().Select((network, i) => Attach(network.Name, network.Aliases, network.At, key, i)).OfType<NetworkAttachment>()] };
    }

    /// <param name="extension">The map <c>x-orchestrator</c>.</param>
    public void Extension(MapReader extension) => _spec = _spec with
    {
        LocalFirst = extension.Read<bool>("local_first", messages.Boolean) ?? false,
        ClientAffinity = extension.Read<bool>("session_affinity", (node, key) => messages.Word(node, key, Affinities)) ?? false,
        ExternalTrafficPolicy = extension.Read<ExternalTrafficPolicy>("externalTrafficPolicy", (node, key) => messages.Word(node, key, Traffic)) ?? ExternalTrafficPolicy.Cluster,
        Policy = Policy(extension),
    };

    private static NetworkAttachment? Declared(Messages messages, YamlNode node, string name)
    {
        if (MapReader.Open(messages, node, "networks." + name) is not { } map)
        {
            return null;
        }

        var external = map.Read<bool>("external", messages.Boolean) ?? false;
        var full = map.ReadObject("name", messages.Text);
        var network = new NetworkAttachment { Name = name, External = external, FullName = full ?? (external ? name : null), Internal = map.Read<bool>("internal", messages.Boolean) ?? false };
        map.Finish(KnownKeys.Network);
        return network;
    }

    private NetworkAttachment? Attach(string name, IReadOnlyList<string> aliases, YamlNode at, string key, int number)
    {
        places.Put($"network.networks[{number}]", at, key);
        places.Put("network.networks", at, key);
        if (!declared.TryGetValue(name, out var network))
        {
            if (name != NetworkAttachment.Default)
            {
                messages.Error(at, key, $"there is no network '{name}'; write it under the top-level networks");
                return null;
            }

            network = new NetworkAttachment { Name = name };
        }

        return network with { Aliases = aliases };
    }

    private IReadOnlyList<string> Aliases(YamlNode node, string key)
    {
        if (node is YamlScalar { IsNull: true } || MapReader.Open(messages, node, key) is not { } map)
        {
            return [];
        }

        var aliases = map.ReadObject("aliases", messages.Texts) ?? [];
        map.Finish(KnownKeys.Attachment);
        return aliases;
    }

    private NetworkPolicySpec? Policy(MapReader extension)
    {
        if (extension.OpenMap("network_policy") is not { } map)
        {
            return null;
        }

        var policy = new NetworkPolicySpec { Ingress = Rules(map, "ingress"), Egress = Rules(map, "egress") };
        map.Finish();
        return policy;
    }

    private IReadOnlyList<NetworkPolicyRule>? Rules(MapReader policy, string side)
    {
        if (policy.FindWritten(side) is not { } node)
        {
            return null;
        }

        if (node is not YamlList list)
        {
            messages.Error(node, policy.PathOf(side), $"{node.Kind} cannot be here; write a list of rules, or [] to allow nobody");
            return null;
        }

        return [.. list.Items.Select((item, i) => Rule(item, $"{policy.PathOf(side)}[{i}]", $"network.policy.{side}[{i}]")).OfType<NetworkPolicyRule>()];
    }

    private NetworkPolicyRule? Rule(YamlNode node, string key, string path)
    {
        places.Put(path, node, key);
        if (MapReader.Open(messages, node, key) is not { } map)
        {
            return null;
        }

        var rule = new NetworkPolicyRule
        {
            Service = map.ReadObject("service", messages.Text),
            App = map.ReadObject("app", messages.Text),
            Cidr = map.ReadObject("cidr", messages.Text),
            Ports = map.ReadObject("ports", messages.Texts) ?? [],
        };
        map.Finish();
        return rule;
    }

    private IEnumerable<(string Name, IReadOnlyList<string> Aliases, YamlNode At)> Wrong(YamlNode node, string key)
    {
        messages.Error(node, key, $"{node.Kind} cannot be here; write a list of networks, or a map of them");
        return [];
    }
}
