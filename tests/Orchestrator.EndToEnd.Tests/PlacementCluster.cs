namespace Orchestrator.EndToEnd.Tests;

/// <summary>Three nodes that differ: node-1 in zone a with an SSD, node-2 in zone b, node-3 in zone b and a pool of its own.</summary>
public sealed class PlacementCluster : IAsyncLifetime
{
    private Cluster? _cluster;
    private string? _missing;

    public Cluster Cluster
    {
        get
        {
            Assert.SkipUnless(_missing is null, _missing ?? "");
            return _cluster!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _missing = await Cluster.MissingAsync();
        if (_missing is null)
        {
            await Engine.ImageAsync(1);
            _cluster = await Cluster.StartAloneAsync(new ClusterShape { Agents = 3, OfAgent = OptionsOf });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    private static Dictionary<string, string> OptionsOf(int node) => node switch
    {
        1 => new() { ["NodeAgent__Labels__zone"] = "a", ["NodeAgent__Labels__size"] = "8", ["NodeAgent__GenericResources__ssd"] = "1", ["NodeAgent__Pids"] = "100" },
        2 => new() { ["NodeAgent__Labels__zone"] = "b", ["NodeAgent__Labels__size"] = "2" },
        _ => new() { ["NodeAgent__Labels__zone"] = "b", ["NodeAgent__Pool"] = "big", ["NodeAgent__GenericResources__seat"] = "1", ["NodeAgent__Taints__0"] = "slow:PreferNoSchedule" },
    };
}
