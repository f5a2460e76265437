namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>What turns one rule set into another, as one transaction.</summary>
public static class RuleSetChange
{
    public static IReadOnlyList<RuleOperation> Between(RuleSet before, RuleSet after)
    {
        var operations = new List<RuleOperation>();
        var rewritten = after.Chains.Where(chain => !before.Chains.TryGetValue(chain.Key, out var old) || !SameRules(old, chain.Value)).ToList();
        operations.AddRange(after.Chains.Where(chain => !before.Chains.ContainsKey(chain.Key)).Select(chain => new RuleOperation.AddChain(chain.Key, chain.Value.Hook)));
        operations.AddRange(rewritten.Where(chain => before.Chains.ContainsKey(chain.Key)).Select(chain => new RuleOperation.FlushChain(chain.Key)));
        operations.AddRange(before.Chains.Where(chain => !after.Chains.ContainsKey(chain.Key)).Select(chain => new RuleOperation.FlushChain(chain.Key)));
        operations.AddRange(after.Sets.Where(set => !before.Sets.ContainsKey(set.Key)).Select(set => new RuleOperation.AddSet(set.Key, set.Value)));
        operations.AddRange(before.Sets.SelectMany(set => Elements(set.Key, set.Value, after.Sets.GetValueOrDefault(set.Key))));
        operations.AddRange(rewritten.Where(chain => chain.Value.Rules.Count > 0).Select(chain => new RuleOperation.AddRules(chain.Key, chain.Value.Rules)));
        operations.AddRange(before.Sets.Where(set => !after.Sets.ContainsKey(set.Key)).Select(set => new RuleOperation.DeleteSet(set.Key, set.Value)));
        operations.AddRange(before.Chains.Where(chain => !after.Chains.ContainsKey(chain.Key)).Select(chain => new RuleOperation.DeleteChain(chain.Key)));
        return operations;
    }

    private static IEnumerable<RuleOperation> Elements(string name, ElementSet before, ElementSet? after)
    {
        if (after is null || ReferenceEquals(before.Elements, after.Elements))
        {
            yield break;
        }

        // A key whose value is another is taken out first: the kernel refuses to overwrite it.
        var gone = before.Elements.Where(element => !after.Elements.TryGetValue(element.Key, out var value) || value != element.Value).Select(element => element.Key).ToList();
        if (gone.Count > 0)
        {
            yield return new RuleOperation.DeleteElements(name, gone);
        }

        var come = after.Elements.Where(element => !before.Elements.TryGetValue(element.Key, out var value) || value != element.Value).ToDictionary();
        if (come.Count > 0)
        {
            yield return new RuleOperation.AddElements(name, come);
        }
    }

    private static bool SameRules(RuleChain a, RuleChain b) => ReferenceEquals(a.Rules, b.Rules) || a.Rules.SequenceEqual(b.Rules);
}
