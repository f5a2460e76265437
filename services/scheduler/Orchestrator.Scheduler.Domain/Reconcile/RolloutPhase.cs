namespace Orchestrator.Scheduler.Domain.Reconcile;

public enum RolloutPhase
{
    Progressing,

    /// <summary>Every slot has one task of the revision, ready or rightly ended, and no other.</summary>
    Completed,

    /// <summary>A slot's attempts at the revision fail one after another.</summary>
    Failed,
}
