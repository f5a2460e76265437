namespace Orchestrator.NodeAgent.Domain.Names;

/// <param name="Exists">Whether there is such a name.</param>
/// <param name="Records">Those asked for.</param>
/// <param name="More">Addresses of names in them.</param>
public sealed record NameAnswer(bool Exists, IReadOnlyList<DnsRecord> Records, IReadOnlyList<DnsRecord> More)
{
    public static NameAnswer None { get; } = new(false, [], []);

    public static NameAnswer Of(IReadOnlyList<DnsRecord> records) => new(true, records, []);
}
