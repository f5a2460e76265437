using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Acceptance;

/// <summary>What a deploy makes of an application.</summary>
/// <param name="Wanted">Every service after it, by name.</param>
/// <param name="NewRevisions">Names of the services whose revision is new.</param>
/// <param name="Leaving">Ids of the services that are not wanted any more.</param>
/// <param name="Changed">False when everything is so already.</param>
public sealed record DeployPlan(
    IReadOnlyDictionary<string, CurrentService> Wanted,
    IReadOnlyList<string> NewRevisions,
    IReadOnlyList<string> Leaving,
    bool Changed);
