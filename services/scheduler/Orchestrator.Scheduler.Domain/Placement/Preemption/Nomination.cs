namespace Orchestrator.Scheduler.Domain.Placement.Preemption;

/// <summary>A node that has room for one task once the victims are gone.</summary>
/// <param name="Victims">Ids of tasks of lower priority; empty where those of an earlier nomination leave room for this one too.</param>
/// <param name="Reason">For people.</param>
public sealed record Nomination(string NodeId, IReadOnlyList<string> Victims, string Reason);
