namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>A rule set in the making.</summary>
internal sealed class RuleDraft
{
    private readonly Dictionary<string, (string Type, Dictionary<string, string> Elements)> _sets = [];
    private readonly Dictionary<string, RuleChain> _chains = [];

    public void Set(string name, string type) => _sets.TryAdd(name, (type, []));

    /// <summary>The first value of a key stays.</summary>
    public void Add(string set, string key, string value = "") => _sets[set].Elements.TryAdd(key, value);

    public bool Has(string set) => _sets.ContainsKey(set);

    public void Chain(string name, IReadOnlyList<string> rules) => _chains.TryAdd(name, new RuleChain(null, rules));

    public void Hook(string name, string hook, IReadOnlyList<string> rules) => _chains.Add(name, new RuleChain(hook, rules));

    public RuleSet ToRuleSet() => new(_sets.ToDictionary(set => set.Key, set => new ElementSet(set.Value.Type, set.Value.Elements)), _chains);
}
