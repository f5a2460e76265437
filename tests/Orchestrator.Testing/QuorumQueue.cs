namespace Orchestrator.Testing;

/// <summary>Where a queue is, by the numbers of the servers.</summary>
public sealed record QuorumQueue(string Type, int Leader, IReadOnlyList<int> Members, IReadOnlyList<int> Online);
