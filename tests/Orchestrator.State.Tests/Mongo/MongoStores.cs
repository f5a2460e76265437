using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.State.Tests.Mongo;

/// <summary>One database for the run: each suite looks at collections of its own.</summary>
[CollectionDefinition(Name)]
public sealed class MongoStores : StoreFixture, ICollectionFixture<MongoStores>
{
    public const string Name = "MongoDB";
    private readonly Testing.Mongo? _mongo = Testing.Mongo.TryCreate();

    public override T Store<T>()
    {
        Assert.SkipWhen(_mongo is null, Testing.Mongo.Missing);
        return base.Store<T>();
    }

    public override async ValueTask InitializeAsync()
    {
        if (_mongo is not null)
        {
            Services = new ServiceCollection().AddLogging().AddMongoState(_mongo.Uri).BuildServiceProvider();
            await Services.GetRequiredService<IStorePreparation>().PrepareAsync(CancellationToken.None);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_mongo is not null)
        {
            await Services.DisposeAsync();
            await _mongo.DisposeAsync();
        }
    }
}
