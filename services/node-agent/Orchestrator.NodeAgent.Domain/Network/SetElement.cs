namespace Orchestrator.NodeAgent.Domain.Network;

/// <param name="Set">Its set or map.</param>
/// <param name="Key">In it.</param>
/// <param name="Value">Empty in a set.</param>
internal readonly record struct SetElement(string Set, string Key, string Value);
