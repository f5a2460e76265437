using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Rollouts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Rollouts;

/// <summary>A rollout while a message moves it. All but the document is of that message alone.</summary>
internal sealed class RolloutSaga : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = "";

    public RolloutDocument Document { get; set; } = null!;

    public RolloutVerdict Verdict { get; set; }

    /// <summary>What was seen is older than what is known.</summary>
    public bool IsStale { get; set; }

    /// <summary>A person's wish is followed, and for the first time.</summary>
    public bool Obeys { get; set; }

    /// <summary>Why a person's wish is not followed.</summary>
    public string? Refusal { get; set; }

    public RolloutState State => Enum.Parse<RolloutState>(CurrentState);

    public RolloutView View => RolloutViews.Of(Document with { State = State });
}
