using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.State.Tests;

/// <summary>All stores of one adapter on an empty database of their own.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    protected ServiceProvider Services { get; set; } = null!;

    public virtual T Store<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();
}
