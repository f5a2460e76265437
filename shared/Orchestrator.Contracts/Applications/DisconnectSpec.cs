namespace Orchestrator.Contracts;

/// <summary>What becomes of tasks whose node is lost (<c>x-orchestrator.disconnect</c>).</summary>
public sealed record DisconnectSpec
{
    /// <summary>Counted from the node's loss; until then their slots wait. Null: at once.</summary>
    public double? LostAfterSeconds { get; init; }

    /// <summary>They are never replaced: only their node's return, or its removal by people, ends the wait.</summary>
    public bool NeverLost { get; init; }

    /// <summary>The agent stops the container itself when it was cut off from the cluster for so long; null: never.</summary>
    public double? StopOnClientAfterSeconds { get; init; }

    /// <summary>Which of two stays when the node returns.</summary>
    public ReconcileChoice Reconcile { get; init; }
}
