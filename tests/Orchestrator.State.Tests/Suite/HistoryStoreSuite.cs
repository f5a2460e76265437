using Orchestrator.Contracts;

namespace Orchestrator.State.Tests.Suite;

public abstract class HistoryStoreSuite(StoreFixture fixture)
{
    private readonly IHistoryStore _history = fixture.Store<IHistoryStore>();
    private readonly IHealthHistoryStore _health = fixture.Store<IHealthHistoryStore>();
    private static CancellationToken None => CancellationToken.None;

    /// <summary>One test for all: sequence numbers are of the whole history.</summary>
    [Fact]
    public async Task Events_AreNumberedWithoutGaps_KeptOnce_FoundAndDropped()
    {
        Assert.Equal(0, await _history.LastSequenceAsync(None));
        Assert.Equal(2, await _history.AppendAsync([Documents.Event("a"), Documents.Event("b", "rollout-started", "shop", "web")], None));
        Assert.Equal(3, await _history.AppendAsync([Documents.Event("a"), Documents.Event("c", app: "blog", at: Documents.Now.AddHours(1)) with { CommandId = "cmd" }], None));
        Assert.Equal(3, await _history.AppendAsync([], None));
        Assert.Equivalent(Documents.Event("a") with { Sequence = 1 }, (await _history.ReadAsync(0, new HistoryFilter(), 10, None))[0], strict: true);

        Assert.Equal("2 b,3 c", await ReadAsync(1, new HistoryFilter()));
        Assert.Equal("1 a,2 b", await ReadAsync(0, new HistoryFilter { App = "shop" }));
        Assert.Equal("2 b", await ReadAsync(0, new HistoryFilter { Service = "web" }));
        Assert.Equal("2 b", await ReadAsync(0, new HistoryFilter { Type = "rollout-started" }));
        Assert.Equal("3 c", await ReadAsync(0, new HistoryFilter { CommandId = "cmd" }));
        Assert.Equal("3 c", await ReadAsync(0, new HistoryFilter { Since = Documents.Now.AddMinutes(1) }));
        Assert.Equal("1 a", string.Join(',', (await _history.ReadAsync(0, new HistoryFilter(), 1, None)).Select(item => $"{item.Sequence} {item.EventId}")));
        Assert.Equal("2 b,3 c", string.Join(',', (await _history.ReadNewestAsync(new HistoryFilter(), 2, None)).Select(item => $"{item.Sequence} {item.EventId}")));

        await _history.DeleteBeforeAsync(Documents.Now.AddHours(-2), kept: 2, None);
        Assert.Equal("2 b,3 c", string.Join(',', (await _history.ReadAsync(0, new HistoryFilter(), 10, None)).Select(item => $"{item.Sequence} {item.EventId}")));
        await _history.DeleteBeforeAsync(Documents.Now.AddHours(2), kept: 100, None);
        Assert.Empty(await _history.ReadAsync(0, new HistoryFilter(), 10, None));
        Assert.Equal(3, await _history.LastSequenceAsync(None));
        Assert.Equal(4, await _history.AppendAsync([Documents.Event("d")], None));
    }

    [Fact]
    public async Task HealthTransitions_AreNewestFirst_AndDropped()
    {
        HealthTransition At(int seconds, HealthState health) => new() { TaskId = "t", NodeId = "n", Health = health, Message = "m", At = Documents.Now.AddSeconds(seconds) };
        await _health.AddManyAsync([At(0, HealthState.Starting), At(1, HealthState.Healthy), At(1, HealthState.Healthy) with { TaskId = "other" }], None);
        await _health.AddManyAsync([At(2, HealthState.Unhealthy)], None);
        Assert.Equal([HealthState.Unhealthy, HealthState.Healthy], (await _health.ListAsync("t", 2, None)).Select(transition => transition.Health));
        await _health.DeleteBeforeAsync(Documents.Now.AddSeconds(1), None);
        Assert.Equal(2, (await _health.ListAsync("t", 10, None)).Count);
        Assert.Equivalent(At(2, HealthState.Unhealthy), (await _health.ListAsync("t", 1, None))[0], strict: true);
    }

    private async Task<string> ReadAsync(long after, HistoryFilter filter) =>
        string.Join(',', (await _history.ReadAsync(after, filter, 10, None)).Select(item => $"{item.Sequence} {item.EventId}"));
}
