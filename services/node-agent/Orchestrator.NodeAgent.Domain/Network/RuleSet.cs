namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>One table of the kernel's, whole.</summary>
public sealed record RuleSet(IReadOnlyDictionary<string, ElementSet> Sets, IReadOnlyDictionary<string, RuleChain> Chains)
{
    public static RuleSet Empty { get; } = new(new Dictionary<string, ElementSet>(), new Dictionary<string, RuleChain>());
}
