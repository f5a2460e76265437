using Orchestrator.Api.Commands;
using Orchestrator.State;

namespace Orchestrator.Api.Tests;

public sealed class CommandTurnsTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan HoldBack = TimeSpan.FromSeconds(30);

    [Fact]
    public void OfEachApplication_TheOldestGoesFirst_AndTheOthersWait()
    {
        var turns = CommandTurns.Choose([Of("b2", "b", 5), Of("a1", "a", 1), Of("a2", "a", 2), Of("b1", "b", 3), Of("c1", "c", 4)], Since(), Now, HoldBack);
        Assert.Equal(["a1", "b1", "c1"], turns.Publish.Select(command => command.Id).Order());
        Assert.Equal(["a", "b"], turns.HeldBack.Order());
    }

    [Fact]
    public void OneThatIsUnderWay_IsNotPublishedAgainBeforeItIsDue_AndHoldsTheNextBack()
    {
        var turns = CommandTurns.Choose([Of("a1", "a", 1, dueIn: 3), Of("a2", "a", 2)], Since(("a1", -2)), Now, HoldBack);
        Assert.Empty(turns.Publish);
        Assert.Equal(["a"], turns.HeldBack);
        Assert.Equal(["a1"], turns.UnderWay);
    }

    [Fact]
    public void OneThatIsNotAnsweredInTime_HoldsNothingBackAnyLonger()
    {
        var turns = CommandTurns.Choose([Of("a1", "a", 1, dueIn: 3), Of("a2", "a", 2), Of("a3", "a", 3)], Since(("a1", -30)), Now, HoldBack);
        Assert.Equal("a2", Assert.Single(turns.Publish).Id);
        Assert.Equal(["a"], turns.HeldBack);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 5)]
    [InlineData(6, 10)]
    [InlineData(11, 20)]
    [InlineData(39, 40)]
    [InlineData(41, 60)]
    [InlineData(100_000, 60)]
    public void TheOlderACommand_TheLongerUntilItIsPublishedAgain(int ageSeconds, int waitSeconds) =>
        Assert.Equal(TimeSpan.FromSeconds(waitSeconds), CommandTurns.Wait(TimeSpan.FromSeconds(ageSeconds), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)));

    private static Dictionary<string, DateTimeOffset> Since(params (string Id, int Seconds)[] started) =>
        started.ToDictionary(item => item.Id, item => Now.AddSeconds(item.Seconds));

    private static CommandDocument Of(string id, string app, long order, int dueIn = 0) => new()
    {
        Id = id, Command = "deploy-app", App = app, Order = order, Body = "{}", CreatedAt = Now, PublishDueAt = Now.AddSeconds(dueIn),
    };
}
