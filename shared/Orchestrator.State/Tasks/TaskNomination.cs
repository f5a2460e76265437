namespace Orchestrator.State;

/// <summary>A node that a waiting task gets when others have left it.</summary>
/// <param name="Victims">Ids of tasks that are stopped for it and for others nominated with it.</param>
/// <param name="Reason">For people.</param>
public sealed record TaskNomination(string NodeId, IReadOnlyList<string> Victims, string Reason);
