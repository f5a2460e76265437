using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;

namespace Orchestrator.State.Tests.Mongo;

/// <summary>The primary of a replica set steps down, and another takes its place or none does.</summary>
public sealed class MongoPrimaryTests
{
    private static readonly BsonDocument Done = new() { { "ok", 1 }, { "n", 1 }, { "nModified", 1 } };

    private static readonly (int Code, string Name)[] Reasons = [(10107, "NotWritablePrimary"), (189, "PrimarySteppedDown"), (11602, "InterruptedDueToReplStateChange"), (91, "ShutdownInProgress")];

    public static TheoryData<int, string> Refusals => [.. Reasons.Select(reason => new TheoryDataRow<int, string>(reason.Code, reason.Name))];

    /// <summary>A server that has done it already knows the number, and only answers again: a compare-and-set does not lose against itself.</summary>
    [Fact]
    public async Task AWriteThatMeetsAServerSteppingDown_IsSentOnceMore_UnderTheSameNumber()
    {
        var sent = new ConcurrentQueue<BsonDocument>();
        using var server = new FakeServer(
            command =>
            {
                sent.Enqueue(command);
                var (code, name) = Reasons[(sent.Count - 1) / 2 % Reasons.Length];
                return sent.Count % 2 == 1 ? Refusal(code, name) : Done;
            },
            "rs0");
        await using var services = new ServiceCollection().AddLogging().AddMongoState(server.Address).BuildServiceProvider();
        Assert.True(await services.GetRequiredService<IAppStore>().TryInsertAsync(Documents.App("a"), CancellationToken.None));
        Assert.True(await services.GetRequiredService<IAppStore>().TryReplaceAsync(Documents.App("a") with { Version = 1 }, CancellationToken.None));
        Assert.Empty(await services.GetRequiredService<ITaskStore>().InsertManyAsync([Documents.Task("t")], CancellationToken.None));
        Assert.Empty(await services.GetRequiredService<ITaskStore>().ReplaceManyAsync([Documents.Task("t") with { Version = 1 }], CancellationToken.None));
        Assert.Equal(["insert", "insert", "update", "update", "insert", "insert", "update", "update"], sent.Select(command => command.GetElement(0).Name));
        Assert.All(sent.Chunk(2), twice => Assert.Equal((twice[0]["lsid"], twice[0]["txnNumber"]), (twice[1]["lsid"], twice[1]["txnNumber"])));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task WhileNoServerIsPrimary_EachWriteIsRefused_AsAway(int code, string name)
    {
        using var server = new FakeServer(_ => Refusal(code, name));
        await using var services = new ServiceCollection().AddLogging().AddMongoState(server.Address).BuildServiceProvider();
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => services.GetRequiredService<IAppStore>().TryInsertAsync(Documents.App("a"), CancellationToken.None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => services.GetRequiredService<ITaskStore>().InsertManyAsync([Documents.Task("t")], CancellationToken.None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => services.GetRequiredService<ITaskStore>().ReplaceManyAsync([Documents.Task("t") with { Version = 1 }], CancellationToken.None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => services.GetRequiredService<INodeStore>().TryInsertAsync(Documents.Node("n"), CancellationToken.None));
        Assert.StartsWith("MongoDB is not available: ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static BsonDocument Refusal(int code, string name) =>
        new() { { "ok", 0 }, { "code", code }, { "codeName", name }, { "errmsg", "not primary" }, { "errorLabels", new BsonArray { "RetryableWriteError" } } };
}
