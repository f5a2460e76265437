using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Rollouts;

namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <summary>What is wanted of a service, and the budget its tasks may change within.</summary>
public sealed record ServiceSnapshot
{
    public required string Id { get; init; }
    public required int Revision { get; init; }

    /// <summary>Tasks of this hash need no replacement, whatever their revision is.</summary>
    public required string TemplateHash { get; init; }

    public required int Replicas { get; init; }
    public bool Removed { get; init; }

    /// <summary>False until the services it depends on have got as far as it waits for.</summary>
    public bool MayStart { get; init; } = true;

    public RestartPolicy Restart { get; init; } = new();

    /// <summary>Which of two tasks of a slot stays when a lost node returns.</summary>
    public ReconcileChoice Reconcile { get; init; }

    public RolloutBudget Budget { get; init; } = RolloutBudget.Idle;

    /// <summary>Null when there is none, or its template is the wanted one.</summary>
    public KeptRevision? Keep { get; init; }

    /// <summary>Only of a global service: its slots, each with its node. Of others the slots are 1…<see cref="Replicas"/>.</summary>
    public IReadOnlyDictionary<int, string>? GlobalSlots { get; init; }

    public bool Wants(int slot) => !Removed && (GlobalSlots is null ? slot >= 1 && slot <= Replicas : GlobalSlots.ContainsKey(slot));

    public IEnumerable<int> WantedSlots() =>
        Removed ? [] : GlobalSlots is null ? Enumerable.Range(1, Replicas) : GlobalSlots.Keys.Order();
}
