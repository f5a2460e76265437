namespace Orchestrator.EndToEnd.Tests;

/// <summary>A lab with a cluster on it, and the cluster's database.</summary>
public abstract class LabClusterFixture : LabFixture
{
    private readonly Mongo? _mongo = Mongo.TryCreate();

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        if (_mongo is not null)
        {
            await _mongo.DisposeAsync();
        }
    }

    protected override async Task<string?> FindMissingAsync() => await Cluster.MissingAsync() ?? await Lab.MissingAsync();

    protected sealed override Task<Lab> UpAsync() => UpAsync(_mongo!);

    protected abstract Task<Lab> UpAsync(Mongo mongo);
}
