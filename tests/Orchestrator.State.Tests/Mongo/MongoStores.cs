using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.State.Tests.Mongo;

/// <summary>One database for all suites, since each looks at collections of its own.</summary>
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

    /// <summary>The same database for another service, with connections of its own.</summary>
    public ServiceProvider Open()
    {
        Assert.SkipWhen(_mongo is null, Testing.Mongo.Missing);
        return new ServiceCollection().AddLogging().AddMongoState(_mongo.Uri).BuildServiceProvider();
    }

    public override async ValueTask InitializeAsync()
    {
        if (_mongo is not null)
        {
            Services = Open();
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
