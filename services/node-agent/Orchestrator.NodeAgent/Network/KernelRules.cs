using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Network;

/// <summary>Our table in the kernel. Only the difference to what was applied before is given to it.</summary>
internal sealed class KernelRules(NetworkNames names)
{
    private RuleSet? _applied;

    public async Task ApplyAsync(RuleSet rules, CancellationToken cancellation)
    {
        if (_applied is { } before)
        {
            var change = RuleSetChange.Between(before, rules);
            if (change.Count == 0)
            {
                return;
            }

            // Fails as a whole where somebody changed the table: then all of it is made anew.
            var (code, _, _) = await Tool.TryAsync("nft", ["-f", "-"], RuleText.Change(names.Table, change), cancellation);
            if (code == 0)
            {
                _applied = rules;
                return;
            }
        }

        _applied = null;
        await Tool.RunAsync("nft", ["-f", "-"], RuleText.Whole(names.Table, rules), cancellation);
        _applied = rules;
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
