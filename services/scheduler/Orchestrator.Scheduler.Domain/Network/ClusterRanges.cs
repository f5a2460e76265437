using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Network;

/// <summary>How the cluster's addresses are cut: the last part for services, the rest into subnets.</summary>
public sealed record ClusterRanges
{
    private const int VipShare = 4;

    private ClusterRanges(Ipv4Range range, int subnetBits)
    {
        (Range, SubnetBits) = (range, subnetBits);
        Vips = range.Part(range.Parts(range.Bits + VipShare) - 1, range.Bits + VipShare);
    }

    public Ipv4Range Range { get; }

    /// <summary>The length of a subnet's prefix.</summary>
    public int SubnetBits { get; }

    /// <summary>The last sixteenth.</summary>
    public Ipv4Range Vips { get; }

    /// <returns>Null, and why, where they cannot be cut so.</returns>
    public static (ClusterRanges? Ranges, string? Fault) Of(string range, int subnetBits) => Ipv4Range.Parse(range) switch
    {
        null => (null, $"'{range}' is no range of IPv4 addresses; write one such as 10.128.0.0/12"),
        { Bits: < 8 or > 20 } => (null, $"{range} is too large or too small; its prefix must be 8 to 20 bits long"),
        { } parsed when subnetBits < parsed.Bits + VipShare || subnetBits > 29 => (null, $"subnets of /{subnetBits} do not go into {range}; write /{parsed.Bits + VipShare} to /29"),
        { } parsed => (new ClusterRanges(parsed, subnetBits), null),
    };

    /// <summary>In order; those that are taken are left out.</summary>
    public IEnumerable<Ipv4Range> FreeSubnets(IReadOnlySet<string> taken)
    {
        for (var i = 0L; i < Range.Parts(SubnetBits) && Range.Part(i, SubnetBits) is var subnet && !subnet.Overlaps(Vips); i++)
        {
            if (!taken.Contains(subnet.ToString()))
            {
                yield return subnet;
            }
        }
    }

    /// <summary>Whether it is a subnet as they are cut now.</summary>
    public bool Holds(string subnet) => Ipv4Range.Parse(subnet) is { } parsed && parsed.Bits == SubnetBits && Range.Contains(parsed) && !parsed.Overlaps(Vips);

    /// <summary>All, from one that follows from the name on, so that names do not meet.</summary>
    public IEnumerable<string> VipsFrom(string name)
    {
        var usable = Vips.Size - 2;
        var start = name.Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619u) % usable;
        for (var i = 0L; i < usable; i++)
        {
            yield return Vips.At(1 + ((start + i) % usable));
        }
    }

    public string SubnetsExhausted() =>
        $"all {Range.Parts(SubnetBits) - Vips.Parts(SubnetBits)} subnets of {Range} are taken; remove nodes that are gone (orch node rm), or set a larger Scheduler__ClusterRange or Scheduler__SubnetBits at the schedulers";

    /// <summary>What a node says against the range; empty: nothing.</summary>
    public IReadOnlyList<string> Against(NodeNetworkReport report) =>
    [
        .. report.Missing,
        .. from route in report.Routes
           let target = Ipv4Range.Parse(route.Split(' ')[0])
           where target is { Bits: > 0 } && Range.Overlaps(target.Value)
           select $"the cluster's range {Range} overlaps the machine's route {route}; set another Scheduler__ClusterRange at the schedulers, or remove the route",
    ];
}
