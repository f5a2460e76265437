namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>A part of the table, and what it is made from: while that stays equal, so does the part.</summary>
internal sealed record RuleSource(string Id, IReadOnlyList<object> From, Func<RulePart> Make);
