using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Rollouts;

/// <summary>The stable revision that fills the slots which may not go over to the wanted one yet.</summary>
public sealed record KeptRevision(int Number, string TemplateHash, RestartPolicy Restart);
