namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>What one service or container adds to the table.</summary>
/// <param name="Sets">Those that its chains name, with their types. One that no part names is not in the kernel.</param>
/// <param name="Chains">Its own: no other part has one of these names.</param>
/// <param name="Elements">Of sets that many parts share.</param>
internal sealed record RulePart(IReadOnlyDictionary<string, string> Sets, IReadOnlyDictionary<string, RuleChain> Chains, IReadOnlyList<SetElement> Elements);
