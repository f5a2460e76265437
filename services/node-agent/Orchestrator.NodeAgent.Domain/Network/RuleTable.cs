namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>One table of the kernel's, in parts. A change costs what its parts have: those made from what has not changed are not looked at.</summary>
public sealed class RuleTable
{
    private readonly Dictionary<string, (IReadOnlyList<object> From, RulePart Part)> _parts = [];
    private readonly Dictionary<string, SharedSet> _sets = [];

    public IReadOnlyDictionary<string, RuleChain> Chains => _parts.Values.SelectMany(known => known.Part.Chains).ToDictionary();

    public IReadOnlyDictionary<string, ElementSet> Sets => _sets.Where(set => set.Value.Named > 0).ToDictionary(set => set.Key, set => set.Value.ToSet());

    public static RuleTable Of(NodeNetwork network)
    {
        var table = new RuleTable();
        table.Follow(network);
        return table;
    }

    /// <returns>What turns the table as it was into that of the network, as one transaction.</returns>
    public IReadOnlyList<RuleOperation> Follow(NodeNetwork network)
    {
        var change = new RuleTableChange(_sets);
        var wanted = new HashSet<string>();
        foreach (var source in RuleSources.Of(network))
        {
            wanted.Add(source.Id);
            if (_parts.TryGetValue(source.Id, out var known))
            {
                if (known.From.SequenceEqual(source.From))
                {
                    continue;
                }

                change.Remove(source.Id, known.Part);
            }

            var part = source.Make();
            change.Add(source.Id, part);
            _parts[source.Id] = (source.From, part);
        }

        foreach (var id in _parts.Count > wanted.Count ? _parts.Keys.Where(id => !wanted.Contains(id)).ToList() : [])
        {
            _parts.Remove(id, out var gone);
            change.Remove(id, gone.Part);
        }

        return change.ToOperations();
    }
}
