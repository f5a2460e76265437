using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Orchestrator.EndToEnd.Tests.LongestFirst))]

namespace Orchestrator.EndToEnd.Tests;

/// <summary>What takes longest begins first, so that nothing long is left to run alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [nameof(RestartOfSingleNode), nameof(WithLabCluster), nameof(Quickstart), nameof(RolloutsOnSingleNode)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(Rank).ThenBy(collection => collection.UniqueID, StringComparer.Ordinal)];

    private static int Rank<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection =>
        Array.FindIndex(Long, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)) is >= 0 and var rank ? rank : Long.Length;
}
