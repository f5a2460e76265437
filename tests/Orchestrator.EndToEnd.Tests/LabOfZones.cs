namespace Orchestrator.EndToEnd.Tests;

/// <summary>A cluster of three nodes, each as if a machine of its own: node1 and node2 in zone a, node3 in zone b.</summary>
public sealed class LabOfZones : IAsyncLifetime
{
    private Lab? _lab;
    private Mongo? _mongo;
    private string? _missing;

    public Lab Lab
    {
        get
        {
            Assert.SkipUnless(_missing is null, _missing ?? "");
            return _lab!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _mongo = Mongo.TryCreate();
        _missing = await Cluster.MissingAsync() ?? await Lab.MissingAsync();
        if (_missing is null)
        {
            _lab = await Lab.ClusterUpAsync(_mongo!, 3, await Engine.ImageAsync(1));
            foreach (var (node, zone) in new[] { ("node1", "a"), ("node2", "a"), ("node3", "b") })
            {
                (await _lab.OrchAsync("node", "label", node, "zone=" + zone)).OutputOrThrow();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        if (_mongo is not null)
        {
            await _mongo.DisposeAsync();
        }
    }
}
