namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>Parts taken out of a table and put into it, and what of that the kernel is told: only what is another than before.</summary>
internal sealed class RuleTableChange(Dictionary<string, SharedSet> sets)
{
    private readonly Dictionary<string, (RuleChain? Before, RuleChain? After)> _chains = [];
    private readonly Dictionary<string, bool> _namedBefore = [];
    private readonly Dictionary<string, Dictionary<string, string?>> _elementsBefore = [];

    public void Remove(string id, RulePart part)
    {
        foreach (var (name, chain) in part.Chains)
        {
            _chains[name] = (chain, null);
        }

        foreach (var name in part.Sets.Keys)
        {
            Named(name).Unname();
        }

        foreach (var element in part.Elements)
        {
            Touched(element).Drop(id, element.Key);
        }
    }

    public void Add(string id, RulePart part)
    {
        foreach (var (name, chain) in part.Chains)
        {
            _chains[name] = (_chains.GetValueOrDefault(name).Before, chain);
        }

        foreach (var (name, type) in part.Sets)
        {
            Named(name).Name(type);
        }

        foreach (var element in part.Elements)
        {
            Touched(element).Put(id, element);
        }
    }

    /// <returns>In the order in which the kernel takes them.</returns>
    public IReadOnlyList<RuleOperation> ToOperations()
    {
        var added = _chains.Where(chain => chain.Value is { Before: null, After: not null }).ToList();
        var rewritten = _chains.Where(chain => chain.Value is { Before: { } before, After: { } after } && !before.Rules.SequenceEqual(after.Rules)).ToList();
        var gone = _chains.Where(chain => chain.Value is { Before: not null, After: null }).ToList();
        IReadOnlyList<RuleOperation> operations =
        [
            .. added.Select(chain => new RuleOperation.AddChain(chain.Key, chain.Value.After!.Hook)),
            .. rewritten.Concat(gone).Select(chain => new RuleOperation.FlushChain(chain.Key)),
            .. _namedBefore.Where(set => !set.Value && sets[set.Key].Named > 0).Select(set => new RuleOperation.AddSet(set.Key, sets[set.Key].ToSet())),
            .. _elementsBefore.Where(set => IsIn(set.Key)).SelectMany(set => Elements(set.Key, set.Value)),
            .. added.Concat(rewritten).Where(chain => chain.Value.After!.Rules.Count > 0).Select(chain => new RuleOperation.AddRules(chain.Key, chain.Value.After!.Rules)),
            .. _namedBefore.Where(set => set.Value && sets[set.Key].Named == 0).Select(set => new RuleOperation.DeleteSet(set.Key, sets[set.Key].ToSet())),
            .. gone.Select(chain => new RuleOperation.DeleteChain(chain.Key)),
        ];
        foreach (var name in _namedBefore.Keys.Concat(_elementsBefore.Keys).Where(name => sets.TryGetValue(name, out var set) && set.IsNobodys))
        {
            sets.Remove(name);
        }

        return operations;
    }

    /// <summary>Whether it was there before, and stays.</summary>
    private bool IsIn(string set) => sets[set].Named > 0 && _namedBefore.GetValueOrDefault(set, true);

    private IEnumerable<RuleOperation> Elements(string name, Dictionary<string, string?> before)
    {
        var set = sets[name];
        var other = before.Where(element => set[element.Key] != element.Value).ToList();

        // A key whose value is another is taken out first: the kernel refuses to overwrite it.
        var gone = other.Where(element => element.Value is not null).Select(element => element.Key).ToList();
        if (gone.Count > 0)
        {
            yield return new RuleOperation.DeleteElements(name, gone);
        }

        var come = other.Where(element => set[element.Key] is not null).ToDictionary(element => element.Key, element => set[element.Key]!);
        if (come.Count > 0)
        {
            yield return new RuleOperation.AddElements(name, come);
        }
    }

    private SharedSet Named(string name)
    {
        var set = SetOf(name);
        _namedBefore.TryAdd(name, set.Named > 0);
        return set;
    }

    private SharedSet Touched(SetElement element)
    {
        var set = SetOf(element.Set);
        if (!_elementsBefore.TryGetValue(element.Set, out var before))
        {
            _elementsBefore[element.Set] = before = [];
        }

        before.TryAdd(element.Key, set[element.Key]);
        return set;
    }

    private SharedSet SetOf(string name)
    {
        if (!sets.TryGetValue(name, out var set))
        {
            sets[name] = set = new SharedSet();
        }

        return set;
    }
}
