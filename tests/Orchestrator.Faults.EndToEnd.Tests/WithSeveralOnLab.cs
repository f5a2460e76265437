namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Two of each service, and three agents, each on a machine of its own.</summary>
[CollectionDefinition(nameof(WithSeveralOnLab))]
public sealed class WithSeveralOnLab()
    : SceneFixture(new ClusterShape { Schedulers = 2, Apis = 2, HealthMonitors = 2, Agents = 3, Options = Impatient }, onLab: true), ICollectionFixture<WithSeveralOnLab>;
