using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Tests.Rollouts;

internal sealed record Transition(RolloutState From, RolloutState To, string Name, string RolloutId, object Message);
