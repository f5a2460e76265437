namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Two of each service, and three real agents.</summary>
[CollectionDefinition(nameof(WithSeveralOfEach))]
public sealed class WithSeveralOfEach() : SceneFixture(new ClusterShape { Schedulers = 2, Apis = 2, HealthMonitors = 2, Agents = 3, Options = Impatient }), ICollectionFixture<WithSeveralOfEach>;
