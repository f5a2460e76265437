using System.Globalization;
using System.Net;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Names;

/// <summary>A service under its names.</summary>
internal sealed class NamedService
{
    // More do not fit into one answer by UDP, and nobody takes more than the first few.
    private const int MaxAddresses = 60;
    private readonly ServiceEndpoints _service;
    private readonly (int Slot, uint Address)[] _ready;
    private readonly Dictionary<string, IReadOnlyList<string>> _networks = [];
    private readonly uint? _vip;

    /// <param name="service">The service.</param>
    /// <param name="ready">Those of its tasks that take new connections.</param>
    public NamedService(ServiceEndpoints service, IReadOnlyList<TaskEndpoint> ready)
    {
        _service = service;
        _vip = service.Vip is { } vip ? Number(vip) : null;
        _ready = [.. ready.Select(task => (task.Slot, Number(task.Address)))];
        foreach (var network in NetworkSpec.AttachmentsOf(service.Network))
        {
            _networks[network.NameIn(service.App)] = [.. network.Aliases.Select(alias => alias.ToLowerInvariant())];
        }
    }

    public string App => _service.App;

    public string Name => _service.Service;

    public IEnumerable<string> Names => _networks.Values.SelectMany(aliases => aliases).Prepend(Name).Distinct();

    /// <summary>Whether members of these networks call it so.</summary>
    public bool IsCalled(string name, IReadOnlySet<string> networks) =>
        _networks.Any(network => networks.Contains(network.Key) && (name == Name || network.Value.Contains(name)));

    public bool Has(string? which) => which is null || which == "tasks" || Chosen(which).Any();

    public NameAnswer Addresses(string? which, uint seed)
    {
        if (which is null && _vip is { } vip)
        {
            return NameAnswer.Of([new DnsRecord(null, vip)]);
        }

        var chosen = Shuffled(which, seed);
        return chosen.Length == 0 && !Has(which) ? NameAnswer.None : NameAnswer.Of([.. chosen.Select(task => new DnsRecord(null, task.Address))]);
    }

    /// <summary>Each ready task at each port: the one asked for, or those that are published.</summary>
    public NameAnswer Ports(string? which, int? port, uint seed)
    {
        var ports = port is { } one ? [one] : _service.Ports.Select(published => published.Target).Distinct().ToArray();
        var chosen = Shuffled(which, seed);
        return new NameAnswer(
            Has(which),
            [.. from task in chosen from target in ports select new DnsRecord(null, 0, NameOf(task.Slot), target)],
            [.. from task in ports.Length > 0 ? chosen : [] select new DnsRecord(NameOf(task.Slot), task.Address)]);
    }

    private string NameOf(int slot) => string.Create(CultureInfo.InvariantCulture, $"{slot}.{Name}.{App}");

    private (int Slot, uint Address)[] Shuffled(string? which, uint seed)
    {
        var chosen = Chosen(which).ToArray();
        Shuffle(chosen, seed);
        return chosen.Length > MaxAddresses ? chosen[..MaxAddresses] : chosen;
    }

    private static void Shuffle((int Slot, uint Address)[] tasks, uint seed)
    {
        for (var i = tasks.Length - 1; i > 0; i--)
        {
            seed = unchecked((seed * 1_664_525) + 1_013_904_223);
            var j = (int)((seed >> 8) % (uint)(i + 1));
            (tasks[i], tasks[j]) = (tasks[j], tasks[i]);
        }
    }

    private IEnumerable<(int Slot, uint Address)> Chosen(string? which) =>
        which is null or "tasks" ? _ready : _ready.Where(task => task.Slot.ToString(CultureInfo.InvariantCulture) == which);

    private static uint Number(string address) => Ipv4Range.Number(IPAddress.Parse(address));
}
