using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Orchestrator.Testing;

namespace Orchestrator.State.Tests.Mongo;

public sealed class MongoInitiationTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task AServerThatNobodyInitiated_IsInitiatedOnce_ByAnyOfSeveralServices()
    {
        await using var member = await MongoMember.TryStartAsync();
        Assert.SkipWhen(member is null, MongoMember.Missing);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Run(async () =>
        {
            await using var services = new ServiceCollection().AddLogging().AddMongoState(member.Uri).BuildServiceProvider();
            await Until.IsAsync(() => TryPrepareAsync(services), prepared => prepared, "the store is prepared");
            Assert.True(await services.GetRequiredService<IAppStore>().TryInsertAsync(Documents.App($"app-{i}"), None));
        })));

        using var client = new MongoClient(member.Uri);
        var hello = await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("hello", 1));
        Assert.Equal([member.Host], hello["hosts"].AsBsonArray.Select(host => host.AsString));
    }

    private static async Task<bool> TryPrepareAsync(ServiceProvider services)
    {
        try
        {
            await services.GetRequiredService<IStorePreparation>().PrepareAsync(None);
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }
}
