using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;

namespace Orchestrator.State.Tests.Mongo;

public sealed class MongoFullTests
{
    private static readonly BsonDocument OfTheCommand = new() { { "ok", 0 }, { "code", 14031 }, { "codeName", "OutOfDiskSpace" }, { "errmsg", "available disk space is less than the limit" } };
    private static readonly BsonDocument OfADocument = new()
    {
        { "ok", 1 }, { "n", 0 }, { "writeErrors", new BsonArray { new BsonDocument { { "index", 0 }, { "code", 14031 }, { "errmsg", "available disk space is less than the limit" } } } },
    };

    /// <summary>Other servers of the protocol pass on what the kernel says, under a code of their own.</summary>
    private static readonly BsonDocument OfTheKernel = new() { { "ok", 0 }, { "code", 1 }, { "codeName", "InternalError" }, { "errmsg", "could not extend file \"base/5/1\": No space left on device" } };

    public static TheoryData<string> Answers => ["command", "document", "kernel"];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task AServerWithoutRoom_IsToldAsSuch_OnEachWrite_AndLoggedOnce(string answer)
    {
        var log = new KeptLog();
        using var server = new FakeServer(_ => answer switch { "command" => OfTheCommand, "document" => OfADocument, _ => OfTheKernel });
        await using var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(log)).AddMongoState(server.Address).BuildServiceProvider();
        var refused = await Assert.ThrowsAsync<StoreFullException>(() => services.GetRequiredService<IAppStore>().TryInsertAsync(Documents.App("a"), CancellationToken.None));
        await Assert.ThrowsAsync<StoreFullException>(() => services.GetRequiredService<ITaskStore>().InsertManyAsync([Documents.Task("t")], CancellationToken.None));
        await Assert.ThrowsAsync<StoreFullException>(() => services.GetRequiredService<ITaskStore>().ReplaceManyAsync([Documents.Task("t") with { Version = 1 }], CancellationToken.None));
        await Assert.ThrowsAsync<StoreFullException>(() => services.GetRequiredService<INodeStore>().TryInsertAsync(Documents.Node("n"), CancellationToken.None));
        Assert.StartsWith("the database server has no room left (", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("): make room on its disk", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Equal(["Nothing can be stored: " + refused.Message + "; it is tried again until there is room"], log.Lines);
    }
}
