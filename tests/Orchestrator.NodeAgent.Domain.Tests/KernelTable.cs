using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Domain.Tests;

/// <summary>A table as the kernel keeps it: it takes one step after another, and refuses what it would refuse.</summary>
internal sealed class KernelTable
{
    private readonly Dictionary<string, ElementSet> _sets = [];
    private readonly Dictionary<string, RuleChain> _chains = [];

    public static KernelTable Of(NodeNetwork network)
    {
        var table = new KernelTable();
        table.Apply(new RuleTable().Follow(network));
        return table;
    }

    public void Apply(IEnumerable<RuleOperation> operations)
    {
        foreach (var operation in operations)
        {
            Apply(operation);
        }
    }

    public string Text() => string.Join('\n', ((IEnumerable<string>)
    [
        .. _sets.OrderBy(set => set.Key, StringComparer.Ordinal).Select(set => $"{set.Key} {set.Value.Type} {string.Join(',', set.Value.Elements.OrderBy(element => element.Key, StringComparer.Ordinal))}"),
        .. _chains.OrderBy(chain => chain.Key, StringComparer.Ordinal).Select(chain => $"{chain.Key} {chain.Value.Hook} {string.Join('|', chain.Value.Rules)}"),
    ]));

    private void Apply(RuleOperation operation)
    {
        switch (operation)
        {
            case RuleOperation.AddSet(var name, var set):
                Refuse(_sets.ContainsKey(name), $"set {name} is there");
                _sets[name] = set with { Elements = new Dictionary<string, string>() };
                AddElements(name, set.Elements);
                break;
            case RuleOperation.AddChain(var name, var hook):
                Refuse(_chains.ContainsKey(name), $"chain {name} is there");
                _chains[name] = new RuleChain(hook, []);
                break;
            case RuleOperation.FlushChain(var name):
                _chains[name] = _chains[name] with { Rules = [] };
                break;
            case RuleOperation.AddRules(var chain, var rules):
                foreach (var rule in rules)
                {
                    References(rule);
                }

                _chains[chain] = _chains[chain] with { Rules = [.. _chains[chain].Rules, .. rules] };
                break;
            case RuleOperation.DeleteElements(var set, var keys):
                Refuse(keys.Any(key => !_sets[set].Elements.ContainsKey(key)), $"set {set} lacks a key");
                _sets[set] = _sets[set] with { Elements = _sets[set].Elements.Where(element => !keys.Contains(element.Key)).ToDictionary() };
                break;
            case RuleOperation.AddElements(var set, var elements):
                AddElements(set, elements);
                break;
            case RuleOperation.DeleteSet(var name, _):
                Refuse(AllRules().Any(rule => rule.Split(' ').Contains("@" + name)), $"set {name} is in use");
                Refuse(!_sets.Remove(name), $"set {name} is not there");
                break;
            case RuleOperation.DeleteChain(var name):
                Refuse(AllRules().Concat(_sets.Values.SelectMany(set => set.Elements.Values)).Any(text => Target(text) == name), $"chain {name} is in use");
                Refuse(!_chains.Remove(name, out var gone) || gone.Rules.Count > 0, $"chain {name} is not there, or not empty");
                break;
            default:
                throw new InvalidOperationException($"{operation} is no step");
        }
    }

    private void AddElements(string set, IReadOnlyDictionary<string, string> elements)
    {
        Refuse(elements.Any(element => _sets[set].Elements.ContainsKey(element.Key)), $"set {set} has a key already");
        foreach (var value in elements.Values)
        {
            References(value);
        }

        _sets[set] = _sets[set] with { Elements = _sets[set].Elements.Concat(elements).ToDictionary() };
    }

    private IEnumerable<string> AllRules() => _chains.Values.SelectMany(chain => chain.Rules);

    private void References(string text)
    {
        Refuse(Target(text) is { } chain && !_chains.ContainsKey(chain), $"'{text}' leads to no chain");
        Refuse(text.Split(' ').Any(word => word.StartsWith('@') && !_sets.ContainsKey(word[1..])), $"'{text}' names no set");
    }

    private static string? Target(string text)
    {
        var words = text.Split(' ');
        var at = Array.FindIndex(words, word => word is "jump" or "goto");
        return at < 0 ? null : words[at + 1];
    }

    private static void Refuse(bool wrong, string reason) => Assert.False(wrong, reason);
}
