using System.Globalization;
using System.Net;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Domain.Names;

/// <summary>
/// What names of the cluster mean: <c>web</c> and <c>web.shop</c> a service, <c>tasks.web</c> its ready tasks, <c>1.web</c> one slot,
/// <c>node-1.node</c> a machine. Who asks from a container means services in a network of his, his own application's first.
/// </summary>
public sealed class NameBook
{
    private const string TasksOf = "tasks";
    private const string NodeZone = "node";
    private readonly Dictionary<string, List<NamedService>> _byName = [];
    private readonly Dictionary<(string App, string Service), NamedService> _byApp = [];
    private readonly Dictionary<uint, (string App, HashSet<string> Networks)> _askers = [];
    private readonly Dictionary<string, uint> _nodes = [];
    private readonly HashSet<string> _apps = [];

    public NameBook(NetworkMemory memory)
    {
        foreach (var container in memory.Containers.Values)
        {
            _askers[Number(container.Address)] = (container.App, [.. NetworkSpec.AttachmentsOf(container.Network).Select(network => network.NameIn(container.App))]);
        }

        foreach (var node in memory.Network?.Nodes ?? [])
        {
            _nodes[node.Name.ToLowerInvariant()] = IPAddress.TryParse(node.Address, out var address) ? Ipv4Range.Number(address) : 0;
        }

        foreach (var service in memory.Services.Values.Where(service => !service.Removed))
        {
            Add(new NamedService(service, memory.Taking(service)));
        }
    }

    /// <param name="name">In lower case.</param>
    /// <param name="type">Of the records asked for.</param>
    /// <param name="asker">His address.</param>
    /// <param name="seed">Another each time: several addresses come in another order.</param>
    /// <returns>Null where it is no name of the cluster; no record where it has none of that type.</returns>
    public NameAnswer? Find(string name, ushort type, uint asker, uint seed)
    {
        var labels = name.Split('.');
        if (labels is [var machine, NodeZone])
        {
            return _nodes.TryGetValue(machine, out var address) ? NameAnswer.Of(type is DnsRecord.A or DnsRecord.Any ? [new DnsRecord(null, address)] : []) : NameAnswer.None;
        }

        int? port = null;
        if (labels is [['_', .. var number], "_tcp" or "_udp", .. var rest] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
        {
            (port, labels) = (parsed, rest);
        }

        var (which, service) = Split(labels, asker);
        if (service is null)
        {
            // A name under one of our applications is ours to deny.
            return labels.Length > 1 && _apps.Contains(labels[^1]) ? NameAnswer.None : null;
        }

        return type switch
        {
            DnsRecord.Srv => service.Ports(which, port, seed),
            DnsRecord.A or DnsRecord.Any => service.Addresses(which, seed),
            _ => service.Has(which) ? NameAnswer.Of([]) : NameAnswer.None,
        };
    }

    /// <returns>Of which tasks the name speaks (null: the service), and of which service.</returns>
    private (string? Which, NamedService? Service) Split(string[] labels, uint asker) => labels switch
    {
        [var service] => (null, Visible(service, asker)),
        [var which, var service] when IsTasks(which) && Visible(service, asker) is { } found => (which, found),
        [var service, var app] => (null, _byApp.GetValueOrDefault((app, service))),
        [var which, var service, var app] when IsTasks(which) => (which, _byApp.GetValueOrDefault((app, service))),
        _ => (null, null),
    };

    private NamedService? Visible(string name, uint asker)
    {
        if (!_byName.TryGetValue(name, out var found) || !_askers.TryGetValue(asker, out var who))
        {
            return null;
        }

        return found.Where(service => service.IsCalled(name, who.Networks)).OrderBy(service => service.App != who.App).FirstOrDefault();
    }

    private void Add(NamedService service)
    {
        _apps.Add(service.App);
        _byApp[(service.App, service.Name)] = service;
        foreach (var name in service.Names)
        {
            if (!_byName.TryGetValue(name, out var list))
            {
                _byName[name] = list = [];
            }

            list.Add(service);
        }
    }

    private static bool IsTasks(string which) => which == TasksOf || (which.Length > 0 && which.All(char.IsAsciiDigit));

    private static uint Number(string address) => Ipv4Range.Number(IPAddress.Parse(address));
}
