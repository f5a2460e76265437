using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>Reads <c>ports</c>, short and long.</summary>
internal static class PortReader
{
    private const int MaxPort = 65_535;
    private const int MaxRange = 1_000;
    private const int MaxPorts = 1_000;

    private static readonly Dictionary<string, PortMode> Modes = new() { ["ingress"] = PortMode.Ingress, ["host"] = PortMode.Host };

    private static readonly Dictionary<string, PortProtocol> Protocols = new() { ["tcp"] = PortProtocol.Tcp, ["udp"] = PortProtocol.Udp };

    public static IReadOnlyList<PortSpec> Read(MapReader service) =>
        service.Find("ports") is { } node ? [.. ReadAll(service.Messages, node, service.PathOf("ports")).Select(pair => pair.Port)] : [];

    /// <summary>Of what could be read, which node's port is wanted by two.</summary>
    public static void CheckUsedTwice(Messages messages, MapReader services)
    {
        var quiet = new Messages(messages.Input);
        var seen = new Dictionary<(int? Published, PortProtocol Protocol), List<(PortSpec Port, YamlNode At, string Key)>>();
        foreach (var (name, service) in services.Entries)
        {
            var key = $"services.{name.Value}.ports";
            var node = (service as YamlMap)?.Entries.FirstOrDefault(entry => entry.Key.Value == "ports").Value;
            foreach (var (port, at) in node is null ? [] : ReadAll(quiet, node, key).Where(pair => pair.Port.Published is not null))
            {
                var others = CollectionsMarshal.GetValueRefOrAddDefault(seen, (port.Published, port.Protocol), out _) ??= [];
                if (others.FirstOrDefault(other => Clash(other.Port, port)) is { Port: not null } first)
                {
                    messages.Error(at, key, $"port {port.Published} is published twice (first by {first.Key} in line {first.At.Line}); publish another");
                }

                others.Add((port, at, key));
            }
        }
    }

    private static bool Clash(PortSpec a, PortSpec b) => PublishedAddress.Meet(a.HostIp, b.HostIp);

    private static IEnumerable<(PortSpec Port, YamlNode At)> ReadAll(Messages messages, YamlNode node, string key)
    {
        if (node is not YamlList list)
        {
            messages.Error(node, key, $"{node.Kind} cannot be here; write a list of ports");
            return [];
        }

        var ports = list.Items
            .SelectMany((item, i) =>
                (item is YamlMap ? Long(messages, item, $"{key}[{i}]") : Short(messages, item, $"{key}[{i}]"))
                .Where(port => Check(messages, item, $"{key}[{i}]", port))
                .Select(port => (port with { HostIp = port.HostIp is { } ip ? PublishedAddress.Canonical(ip) : null }, item)))
            .Take(MaxPorts + 1)
            .ToList();
        if (ports.Count > MaxPorts)
        {
            messages.Error(node, key, $"more than {MaxPorts} ports for one service; publish fewer");
        }

        return ports;
    }

    private static bool Check(Messages messages, YamlNode node, string key, PortSpec port)
    {
        if (port.HostIp is not null && PublishedAddress.Canonical(port.HostIp) is null)
        {
            messages.Error(node, key, $"'{port.HostIp}' is no address; write one of the node's, such as 127.0.0.1");
            return false;
        }

        if (port is { Mode: PortMode.Ingress, Protocol: PortProtocol.Udp } && PublishedAddress.IsIpv6(port.HostIp))
        {
            messages.Error(node, key, $"'{port.HostIp}': udp is not served over IPv6 with mode ingress; write mode: host, or an address of IPv4");
            return false;
        }

        return true;
    }

    private static IReadOnlyList<PortSpec> Long(Messages messages, YamlNode node, string key)
    {
        var map = MapReader.Open(messages, node, key)!;
        var target = map.Read<int>("target", (value, path) => messages.Integer(value, path, 1, MaxPort));
        var published = map.ReadObject("published", messages.Text);
        var protocol = map.Read<PortProtocol>("protocol", (value, path) => messages.Word(value, path, Protocols)) ?? PortProtocol.Tcp;
        var mode = map.Read<PortMode>("mode", (value, path) => messages.Word(value, path, Modes)) ?? PortMode.Ingress;
        var hostIp = map.ReadObject("host_ip", messages.Text);
        if (map.Find("target") is null)
        {
            messages.Error(node, key, "target is missing; write target: the container's port");
        }

        map.Finish(KnownKeys.Port);
        (int From, int To)? range = null;
        if (published is not null && (range = Range(published)) is not { } known)
        {
            messages.Error(map.Find("published")!, map.PathOf("published"), $"'{published}' is no port; write a number from 1 to {MaxPort}");
            return [];
        }
        else if (range is { } wide && wide.From != wide.To)
        {
            messages.Error(map.Find("published")!, map.PathOf("published"), "a range for one target is not supported; write one port");
            return [];
        }

        return target is null ? [] : [new PortSpec { Target = target.Value, Published = range?.From, Protocol = protocol, Mode = mode, HostIp = hostIp }];
    }

    /// <summary><c>[[address:]published:]target[/protocol]</c>, ports or ranges of equal length.</summary>
    private static IReadOnlyList<PortSpec> Short(Messages messages, YamlNode node, string key)
    {
        if (messages.Text(node, key) is not { } text)
        {
            return [];
        }

        if (Parse(text) is { } ports)
        {
            return ports;
        }

        messages.Error(node, key, $"'{text}' is no port; write \"8080:80\", \"127.0.0.1:8080:80/tcp\", \"[::1]:8080:80\" or \"8000-8002:80-82\"");
        return [];
    }

    private static IReadOnlyList<PortSpec>? Parse(string text)
    {
        var slash = text.LastIndexOf('/');
        if (!Protocols.TryGetValue(slash < 0 ? "tcp" : text[(slash + 1)..], out var protocol))
        {
            return null;
        }

        var rest = slash < 0 ? text : text[..slash];
        var colon = rest.LastIndexOf(':');
        var target = Range(rest[(colon + 1)..]);
        if (target is null || colon < 0)
        {
            return target is null ? null : [.. Expand(target.Value, null, protocol, null)];
        }

        var left = rest[..colon];
        var split = left.LastIndexOf(':');
        var hostIp = split < 0 ? null : left[..split].TrimStart('[').TrimEnd(']');
        var publishedText = left[(split + 1)..];
        var published = publishedText.Length == 0 ? null : Range(publishedText);
        var lengthsMatch = published is null || published.Value.To - published.Value.From == target.Value.To - target.Value.From;
        return (published is null && publishedText.Length > 0) || !lengthsMatch ? null : [.. Expand(target.Value, published?.From, protocol, hostIp)];
    }

    private static IEnumerable<PortSpec> Expand((int From, int To) target, int? published, PortProtocol protocol, string? hostIp) =>
        Enumerable.Range(0, target.To - target.From + 1).Select(i => new PortSpec
        {
            Target = target.From + i,
            Published = published + i,
            Protocol = protocol,
            HostIp = hostIp,
        });

    private static (int From, int To)? Range(string text)
    {
        var parts = text.Split('-');
        if (parts.Length > 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            || !int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var to))
        {
            return null;
        }

        return from is < 1 or > MaxPort || to is < 1 or > MaxPort || to < from || to - from >= MaxRange ? null : (from, to);
    }
}
