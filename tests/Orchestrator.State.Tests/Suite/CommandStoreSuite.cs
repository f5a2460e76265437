namespace Orchestrator.State.Tests.Suite;

public abstract class CommandStoreSuite(StoreFixture fixture)
{
    private readonly ICommandStore _commands = fixture.Store<ICommandStore>();
    private readonly ICommandResultStore _results = fixture.Store<ICommandResultStore>();
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Orders_GrowWithinAnApplication_EvenAtTheSameMoment()
    {
        var stored = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => _commands.AddAsync(Documents.Command($"o{i}", "orders"), None))));
        Assert.Equal(20, stored.Select(command => command.Order).Distinct().Count());
        var micros = Documents.Now.ToUnixTimeMilliseconds() * 1000;
        Assert.Equal(Enumerable.Range(0, 20).Select(i => micros + i), stored.Select(command => command.Order).Order());
        Assert.Equal(micros, (await _commands.AddAsync(Documents.Command("elsewhere", "other"), None)).Order);
    }

    [Fact]
    public async Task ACommandThatIsThere_ComesBackAsItWas()
    {
        var first = await _commands.AddAsync(Documents.Command("same"), None);
        var again = await _commands.AddAsync(Documents.Command("same") with { Body = "{}" }, None);
        Assert.Equivalent(first, again, strict: true);
        Assert.Equivalent(first, await _commands.FindAsync("same", None), strict: true);
    }

    [Fact]
    public async Task TheFirstAnswer_IsKept()
    {
        var asked = await _commands.AddAsync(Documents.Command("answered"), None);
        var answered = await _commands.TryAnswerAsync(Documents.Answer("answered"), None);
        Assert.Equivalent(asked with { Answer = Documents.Answer("answered") }, answered, strict: true);
        Assert.Null(await _commands.TryAnswerAsync(Documents.Answer("answered") with { Errors = ["late"] }, None));
        Assert.Null(await _commands.TryAnswerAsync(Documents.Answer("unknown"), None));
        Assert.Equivalent(Documents.Answer("answered"), (await _commands.FindAsync("answered", None))!.Answer, strict: true);
    }

    [Fact]
    public async Task Unanswered_AreDue_UntilAnsweredOrPostponed()
    {
        foreach (var id in new[] { "due1", "due2", "due3" })
        {
            await _commands.AddAsync(Documents.Command(id, "due"), None);
        }

        await _commands.AddAsync(Documents.Command("due4", "due", Documents.Now.AddMinutes(1)), None);
        await _commands.TryAnswerAsync(Documents.Answer("due1"), None);
        await _commands.PostponeAsync(["due2"], Documents.Now.AddMinutes(1), None);
        Assert.Equal(["due3"], (await _commands.ListDueAsync(Documents.Now, 100, None)).Where(command => command.App == "due").Select(command => command.Id));
        Assert.Equal(["due2", "due3", "due4"], (await _commands.ListDueAsync(Documents.Now.AddMinutes(1), 100, None)).Where(command => command.App == "due").Select(command => command.Id));
    }

    [Fact]
    public async Task OfResults_TheFirstIsKept()
    {
        await _results.AddManyAsync([Documents.Answer("r1"), Documents.Answer("r2")], None);
        await _results.AddManyAsync([Documents.Answer("r1") with { EventId = "other" }, Documents.Answer("r3")], None);
        Assert.Equal("e-r1", (await _results.FindAsync("r1", None))!.EventId);
        Assert.NotNull(await _results.FindAsync("r3", None));
        Assert.Null(await _results.FindAsync("r4", None));
    }
}
