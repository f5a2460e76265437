using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Orchestrator.Contracts;

namespace Orchestrator.State.Tests.Mongo;

/// <summary>What stands in the database.</summary>
[Collection(MongoStores.Name)]
public sealed class MongoDocumentTests(MongoStores stores)
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task ADocument_ReadsWell_AndHasNothingForNull()
    {
        await stores.Store<ITaskStore>().InsertManyAsync([Documents.Task("readable", state: TaskState.Running) with { CreatedAt = Documents.Now.AddTicks(1) }], None);
        var stored = await Raw("tasks").Find(new BsonDocument("_id", "readable")).SingleAsync();
        Assert.Equal("Running", stored["state"].AsString);
        Assert.Equal("2026-11-24T12:00:00.0000001Z", stored["createdAt"].AsString);
        Assert.Equal("Tcp", stored["ports"][0]["protocol"].AsString);
        Assert.False(stored.Contains("exitCode"));
    }

    [Fact]
    public async Task FieldsOfANewerVersion_AreIgnored_AndStay()
    {
        var tasks = stores.Store<ITaskStore>();
        await tasks.InsertManyAsync([Documents.Task("newer")], None);
        await Raw("tasks").UpdateOneAsync(new BsonDocument("_id", "newer"), new BsonDocument("$set", new BsonDocument("laterField", 7)));
        Assert.Empty(await tasks.ReplaceManyAsync([(await tasks.FindAsync("newer", None))! with { Message = "seen" }], None));
        var stored = await Raw("tasks").Find(new BsonDocument("_id", "newer")).SingleAsync();
        Assert.Equal((7, "seen"), (stored["laterField"].AsInt32, stored["message"].AsString));
    }

    [Fact]
    public async Task AValueThatIsGone_IsGoneFromTheDocument()
    {
        var tasks = stores.Store<ITaskStore>();
        await tasks.InsertManyAsync([Documents.Task("emptied", dirtySince: Documents.Now) with { Message = "m", ExitCode = 3 }], None);
        await tasks.ReplaceManyAsync([(await tasks.FindAsync("emptied", None))! with { Message = null, DirtySince = null }], None);
        Assert.Equivalent(Documents.Task("emptied") with { ExitCode = 3, Version = 2 }, await tasks.FindAsync("emptied", None), strict: true);
    }

    [Fact]
    public async Task KeysThatPeopleChoose_MayHoldAnything()
    {
        var labels = new Dictionary<string, string> { ["com.example.zone"] = "a", ["$where"] = "b", [""] = "c", ["k"] = "d" };
        var nodes = stores.Store<INodeStore>();
        await nodes.TryInsertAsync(Documents.Node("labelled"), None);
        Assert.True(await nodes.TryReplaceAsync(Documents.Node("labelled") with { Version = 1, Labels = labels }, None));
        Assert.Equivalent(labels, (await nodes.FindAsync("labelled", None))!.Labels, strict: true);
    }

    [Fact]
    public async Task AReservationsId_ThatWouldBeAPath_IsRefused()
    {
        var room = new Dictionary<string, Reservation> { ["a.b"] = new() { Cpus = 1, MemoryBytes = 1, ReservedAt = Documents.Now } };
        Assert.SkipUnless(Testing.Mongo.IsThere, Testing.Mongo.Missing);
        await Assert.ThrowsAsync<ArgumentException>(() => stores.Store<INodeStore>().TryReserveAsync("n", 1, room, [], None));
    }

    [Fact]
    public async Task ADatabaseOfANewerVersion_IsRefused()
    {
        Assert.SkipUnless(Testing.Mongo.IsThere, Testing.Mongo.Missing);
        await using var mongo = Testing.Mongo.TryCreate()!;
        using (var client = new MongoClient(mongo.Uri))
        {
            await client.GetDatabase(MongoUrl.Create(mongo.Uri).DatabaseName).GetCollection<BsonDocument>("counters").InsertOneAsync(new BsonDocument { { "_id", "schema" }, { "value", 9999L } });
        }

        await using var services = new ServiceCollection().AddLogging().AddMongoState(mongo.Uri).BuildServiceProvider();
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => services.GetRequiredService<IStorePreparation>().PrepareAsync(None));
        Assert.Contains("newer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyPrepareAtOnce_AndAgain()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await using var services = stores.Open();
            await services.GetRequiredService<IStorePreparation>().PrepareAsync(None);
        })));
    }

    private IMongoCollection<BsonDocument> Raw(string collection) => stores.Store<State.Mongo.MongoDatabase>().Collection<BsonDocument>(collection);
}
