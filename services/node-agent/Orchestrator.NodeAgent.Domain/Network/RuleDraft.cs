namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>A part in the making.</summary>
internal sealed class RuleDraft
{
    private readonly Dictionary<string, string> _sets = [];
    private readonly Dictionary<string, RuleChain> _chains = [];
    private readonly List<SetElement> _elements = [];

    /// <returns>False where it is named already.</returns>
    public bool Set(string name, string type) => _sets.TryAdd(name, type);

    /// <summary>The first value of a key stays.</summary>
    public void Add(string set, string key, string value = "") => _elements.Add(new SetElement(set, key, value));

    public void Chain(string name, IReadOnlyList<string> rules) => _chains.TryAdd(name, new RuleChain(null, rules));

    public void Hook(string name, string hook, IReadOnlyList<string> rules) => _chains.Add(name, new RuleChain(hook, rules));

    public RulePart ToPart() => new(_sets, _chains, _elements);
}
