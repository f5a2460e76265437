namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>One step of a change, in the order in which the kernel takes them: what is pointed at is there before, and goes after.</summary>
public abstract record RuleOperation
{
    public sealed record AddSet(string Name, ElementSet Set) : RuleOperation;

    public sealed record AddChain(string Name, string? Hook) : RuleOperation;

    public sealed record FlushChain(string Name) : RuleOperation;

    public sealed record AddRules(string Chain, IReadOnlyList<string> Rules) : RuleOperation;

    public sealed record DeleteElements(string Set, IReadOnlyList<string> Keys) : RuleOperation;

    public sealed record AddElements(string Set, IReadOnlyDictionary<string, string> Elements) : RuleOperation;

    public sealed record DeleteSet(string Name, ElementSet Set) : RuleOperation;

    public sealed record DeleteChain(string Name) : RuleOperation;
}
