using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.State.Tests.Mongo;

/// <summary>Two services, each with connections of its own, write the same at once.</summary>
public sealed class MongoRaceTests(MongoStores stores) : IClassFixture<MongoStores>, IAsyncDisposable
{
    private const int Rounds = 25;
    private readonly ServiceProvider _other = stores.Open();
    private static CancellationToken None => CancellationToken.None;

    public ValueTask DisposeAsync() => _other.DisposeAsync();

    [Fact]
    public async Task OfTwoReplacesOfABatch_EachTaskTakesOne()
    {
        string[] ids = [.. Enumerable.Range(0, 20).Select(i => $"twice{i:D2}")];
        await Both<ITaskStore>().First.InsertManyAsync([.. ids.Select(id => Documents.Task(id))], None);
        for (var round = 1; round <= Rounds; round++)
        {
            var read = await Both<ITaskStore>().First.FindManyAsync(ids, None);
            var (first, second) = await AtOnceAsync<ITaskStore, IReadOnlySet<string>>((tasks, name) => tasks.ReplaceManyAsync([.. read.Select(task => task with { Message = $"{name} {round}" })], None));
            foreach (var task in await Both<ITaskStore>().First.FindManyAsync(ids, None))
            {
                Assert.True(first.Contains(task.Id) ^ second.Contains(task.Id), $"{task.Id} in round {round}: lost by both or by none");
                Assert.Equal((round + 1, $"{(first.Contains(task.Id) ? "second" : "first")} {round}"), (task.Version, task.Message));
            }
        }
    }

    [Fact]
    public async Task OfTwoInsertionsOfABatch_EachTaskTakesOne()
    {
        for (var round = 0; round < Rounds; round++)
        {
            string[] ids = [.. Enumerable.Range(0, 20).Select(i => $"once{round:D2}x{i:D2}")];
            var (first, second) = await AtOnceAsync<ITaskStore, IReadOnlySet<string>>((tasks, name) => tasks.InsertManyAsync([.. ids.Select(id => Documents.Task(id) with { Message = name })], None));
            foreach (var task in await Both<ITaskStore>().First.FindManyAsync(ids, None))
            {
                Assert.True(first.Contains(task.Id) ^ second.Contains(task.Id), $"{task.Id}: there for both or for none");
                Assert.Equal(first.Contains(task.Id) ? "second" : "first", task.Message);
            }
        }
    }

    [Fact]
    public async Task OfTwoReservations_OneIsStored()
    {
        await Both<INodeStore>().First.TryInsertAsync(Documents.Node("contested"), None);
        for (var round = 1; round <= Rounds; round++)
        {
            var (first, second) = await AtOnceAsync<INodeStore, bool>((nodes, name) => nodes.TryReserveAsync(
                "contested", round, new Dictionary<string, Reservation> { [$"{name}{round}"] = new() { Cpus = 1, MemoryBytes = 1, ReservedAt = Documents.Now } }, [], None));
            Assert.True(first ^ second, $"round {round}: {first} and {second}");
            var node = (await Both<INodeStore>().First.FindAsync("contested", None))!;
            Assert.Equal((round + 1, round), (node.Version, node.Reservations.Count));
            Assert.Contains($"{(first ? "first" : "second")}{round}", node.Reservations.Keys);
        }
    }

    [Fact]
    public async Task TwoWritersOfTheHistory_LeaveNoGap_AndStoreAnEventOnce()
    {
        var before = await Both<IHistoryStore>().First.LastSequenceAsync(None);
        for (var round = 0; round < Rounds; round++)
        {
            // Each has events of its own, and one that both were told.
            await AtOnceAsync<IHistoryStore, long>((history, name) => history.AppendAsync(
                [Documents.Event($"{name}-a-{round}", "race"), Documents.Event($"both-{round}", "race"), Documents.Event($"{name}-b-{round}", "race")], None));
        }

        var stored = await Both<IHistoryStore>().First.ReadAsync(before, new HistoryFilter { Type = "race" }, 10_000, None);
        Assert.Equal(Rounds * 5, stored.Select(item => item.EventId).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, Rounds * 5).Select(i => before + i), stored.Select(item => item.Sequence));
        Assert.Equal(before + (Rounds * 5), await Both<IHistoryStore>().First.LastSequenceAsync(None));
    }

    [Fact]
    public async Task TwoCommandsAtOnce_HaveOrdersOfTheirOwn_AndOneCommandTwiceHasOne()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (mine, yours) = await AtOnceAsync<ICommandStore, CommandDocument>((commands, name) => commands.AddAsync(Documents.Command($"{name}-{round}", "contested"), None));
            Assert.Equal(1, Math.Abs(mine.Order - yours.Order));
            var (one, same) = await AtOnceAsync<ICommandStore, CommandDocument>((commands, name) => commands.AddAsync(Documents.Command($"same-{round}", "contested") with { RequestedBy = name }, None));
            Assert.Equivalent(one, same, strict: true);
            var (first, second) = await AtOnceAsync<ICommandStore, CommandDocument?>((commands, name) => commands.TryAnswerAsync(Documents.Answer($"same-{round}"), None));
            Assert.True(first is null ^ second is null, $"round {round}: answered by both or by none");
        }
    }

    private (T First, T Second) Both<T>()
        where T : notnull => (stores.Store<T>(), _other.GetRequiredService<T>());

    private async Task<(TResult First, TResult Second)> AtOnceAsync<TStore, TResult>(Func<TStore, string, Task<TResult>> write)
        where TStore : notnull
    {
        var (first, second) = Both<TStore>();
        var results = await Task.WhenAll(Task.Run(() => write(first, "first")), Task.Run(() => write(second, "second")));
        return (results[0], results[1]);
    }
}
