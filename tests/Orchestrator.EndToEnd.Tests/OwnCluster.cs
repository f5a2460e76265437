namespace Orchestrator.EndToEnd.Tests;

/// <summary>A cluster, each service a process.</summary>
public class OwnCluster : IAsyncLifetime
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
        _missing = await Testing.Cluster.MissingAsync();
        if (_missing is null)
        {
            await Engine.ImageAsync(1);
            _cluster = await Testing.Cluster.StartAloneAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
