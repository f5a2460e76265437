namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>One of each service, with a real agent.</summary>
[CollectionDefinition(nameof(OnContainers))]
public sealed class OnContainers() : SceneFixture(new ClusterShape { Options = Impatient }), ICollectionFixture<OnContainers>;
