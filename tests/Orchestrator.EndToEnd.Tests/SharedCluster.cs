[assembly: AssemblyFixture(typeof(Orchestrator.EndToEnd.Tests.SharedCluster))]

namespace Orchestrator.EndToEnd.Tests;

/// <summary>One for all tests that only need applications of their own.</summary>
public sealed class SharedCluster : OwnCluster;
