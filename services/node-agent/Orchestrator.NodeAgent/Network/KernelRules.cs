using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Network;

/// <summary>Our table in the kernel. Only the difference to what was applied before is given to it.</summary>
internal sealed class KernelRules(NetworkNames names) : IDisposable
{
    private readonly Nftables _nftables = new();
    private RuleTable? _applied;

    public void Dispose() => _nftables.Dispose();

    /// <exception cref="NetworkException">The kernel refuses them.</exception>
    public async Task ApplyAsync(NodeNetwork network)
    {
        // Until the kernel has the change, nobody knows what is there.
        var table = _applied;
        _applied = null;
        if (table?.Follow(network) is not { } change || (change.Count > 0 && await _nftables.TryAsync(RuleText.Change(names.Table, change)) is not null))
        {
            // The first time, or somebody else changed the table: the change fails as a whole, and all is made anew.
            table = new RuleTable();
            var whole = RuleText.Whole(names.Table, table.Follow(network));
            if (await _nftables.TryAsync(whole) is { } refusal)
            {
                throw new NetworkException("nftables: " + refusal);
            }
        }

        _applied = table;
    }

    /// <summary>Looks whether the table is still there; if not, the next application makes it anew.</summary>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        var (code, _, _) = await Tool.TryAsync("nft", ["list", "chain", "ip", names.Table, "forward"], null, cancellation);
        if (code != 0)
        {
            _applied = null;
        }
    }

    public Task RemoveAsync(CancellationToken cancellation) => Tool.TryAsync("nft", ["delete", "table", "ip", names.Table], null, cancellation);
}
