using Orchestrator.Contracts;
using Orchestrator.Scheduler.Rollouts;

namespace Orchestrator.Scheduler.Tests.Rollouts;

public sealed class MachineTests : IAsyncLifetime
{
    private static readonly RolloutCounts Some = new() { Replicas = 4, Ready = 4, New = 1, Old = 4, Started = 1 };
    private static readonly RolloutCounts All = new() { Replicas = 4, Ready = 4, New = 4, Done = 4, Started = 4, Converged = true };
    private static readonly RolloutCounts Failure = Some with { Failed = 1, Reason = "slot 1: exit 1" };
    private readonly MachineHarness _machine = new();

    public ValueTask InitializeAsync() => _machine.InitializeAsync();

    public ValueTask DisposeAsync() => _machine.DisposeAsync();

    [Fact]
    public async Task WhatWasSeenEarlier_AndComesLater_IsDropped()
    {
        var rollout = await _machine.InsertAsync(RolloutState.Progressing);
        rollout = await _machine.GiveAsync(rollout, MachineHarness.Saw(rollout.Id, Some, second: 2));
        rollout = await _machine.GiveAsync(rollout, MachineHarness.Saw(rollout.Id, Failure, second: 1));
        Assert.Equal((RolloutState.Progressing, 0), (rollout.State, rollout.Counts!.Failed));
    }

    [Fact]
    public async Task MessagesToARolloutThatIsGone_AreDropped_AndACommandIsRefused()
    {
        var gone = RolloutIds.Of("gone", 1);
        await _machine.PublishAsync(MachineHarness.Saw(gone, Failure));
        await _machine.PublishAsync(new RolloutDue { RolloutId = gone });
        await _machine.PublishAsync(MachineHarness.Want(gone, RolloutAction.Pause, "late"));
        await PublishedAsync<CommandRejected>(rejected => rejected.CommandId == "late");
        Assert.Null(await _machine.Rollouts.FindAsync(gone, CancellationToken.None));
    }

    [Fact]
    public async Task ManyMessagesAtOnce_AreTakenOneAfterAnother_AndTheNewestCounts()
    {
        var rollout = await _machine.InsertAsync(RolloutState.Progressing);
        await Task.WhenAll(Enumerable.Range(1, 30).Select(i => _machine.PublishAsync(MachineHarness.Saw(rollout.Id, Some with { Ready = i }, second: i))));
        var after = await _machine.TakenAsync(rollout.Id, 30);
        Assert.Equal((30, 31), (after.Counts!.Ready, after.Version));
    }

    [Fact]
    public async Task HoweverOftenTheEndIsSeen_ItIsToldOnce()
    {
        var rollout = await _machine.InsertAsync(RolloutState.Progressing, before => before with { Policy = new RolloutPolicy { MonitorSeconds = 0 } });
        await Task.WhenAll(Enumerable.Range(1, 10).Select(i => _machine.PublishAsync(MachineHarness.Saw(rollout.Id, All, second: i))));

        // Ten and the note that the end is out.
        var after = await _machine.TakenAsync(rollout.Id, 11);
        Assert.Equal((RolloutState.Completed, null), (after.State, after.DueAt));
        Assert.Single(_machine.Published.OfType<RolloutCompleted>());
    }

    [Fact]
    public async Task AnEndThatMayNotHaveBeenTold_IsToldAgain_WithTheSameEventId()
    {
        var rollout = await _machine.InsertAsync(RolloutState.Completed, before => before with { DueAt = MachineHarness.Start });
        await _machine.PublishAsync(new RolloutDue { RolloutId = rollout.Id });
        Assert.Equal("end", (await PublishedAsync<RolloutCompleted>()).EventId);
        Assert.Null((await _machine.TakenAsync(rollout.Id, 2)).DueAt);
    }

    [Fact]
    public async Task AFailure_AsksToGoBackToTheStableRevision_AndAgainUntilItIsSo()
    {
        var rollout = await _machine.InsertAsync(RolloutState.Progressing);
        rollout = await _machine.GiveAsync(rollout, MachineHarness.Saw(rollout.Id, Failure));
        Assert.Equal((RolloutState.RollingBack, "slot 1: exit 1"), (rollout.State, rollout.Message));
        var asked = await PublishedAsync<RollbackService>();
        Assert.Equal((1, 2, "shop", "web"), (asked.ToRevision!.Value, asked.FailedRevision!.Value, asked.App, asked.Service));
        await _machine.GiveAsync(rollout, new RolloutDue { RolloutId = rollout.Id });
        await SchedulerHarness.UntilAsync(() => Task.FromResult(_machine.Published.OfType<RollbackService>().Count()), count => count == 2);
        Assert.Single(_machine.Published.OfType<RollbackService>().Select(message => message.CommandId).Distinct());
    }

    [Fact]
    public async Task ARolloutThatGoesBack_TellsTheOneThatFailed()
    {
        var failed = await _machine.InsertAsync(RolloutState.RollingBack, before => before with { Message = "slot 1: exit 1" });
        var back = await _machine.InsertAsync(RolloutState.Progressing, before => before with { IsRollback = true, RollbackOf = failed.Id, Policy = new RolloutPolicy { MonitorSeconds = 0 } });
        await _machine.PublishAsync(MachineHarness.Saw(back.Id, All));
        var after = await SchedulerHarness.UntilAsync(() => _machine.Rollouts.FindAsync(failed.Id, CancellationToken.None), found => found!.State == RolloutState.RolledBack);
        Assert.Equal("slot 1: exit 1", after!.Message);
    }

    [Fact]
    public async Task ADuplicateCommand_IsObeyedOnce_AndAnsweredEachTime()
    {
        var rollout = await _machine.InsertAsync(RolloutState.AwaitingPromotion, before => before with { Policy = new RolloutPolicy { Canary = "1", Steps = ["2"] } });
        rollout = await _machine.GiveAsync(rollout, MachineHarness.Want(rollout.Id, RolloutAction.Promote));
        rollout = await _machine.GiveAsync(rollout, MachineHarness.Want(rollout.Id, RolloutAction.Promote));
        Assert.Equal((RolloutState.Progressing, 1), (rollout.State, rollout.Stage));
        await SchedulerHarness.UntilAsync(() => Task.FromResult(_machine.Published.OfType<CommandAccepted>().Count()), count => count == 2);
    }

    [Fact]
    public async Task AWishThatCannotBe_IsRefusedWithTheReason()
    {
        var rollout = await _machine.InsertAsync(RolloutState.Progressing);
        await _machine.GiveAsync(rollout, MachineHarness.Want(rollout.Id, RolloutAction.Promote));
        var rejected = await PublishedAsync<CommandRejected>();
        Assert.Contains("no canary or step of it waits", Assert.Single(rejected.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FailuresBeforeARetry_DoNotCount()
    {
        var rollout = await _machine.InsertAsync(RolloutState.Failed, before => before with { Counts = Failure });
        _machine.Time.Advance(TimeSpan.FromSeconds(60));
        rollout = await _machine.GiveAsync(rollout, MachineHarness.Want(rollout.Id, RolloutAction.Retry));
        Assert.Equal((RolloutState.Progressing, _machine.Time.GetUtcNow()), (rollout.State, rollout.CountFrom));
        rollout = await _machine.GiveAsync(rollout, MachineHarness.Saw(rollout.Id, Failure, second: 59));
        Assert.Equal(RolloutState.Progressing, rollout.State);
    }

    private Task<T> PublishedAsync<T>(Func<T, bool>? where = null)
        where T : class =>
        SchedulerHarness.UntilAsync(() => Task.FromResult(_machine.Published.OfType<T>().FirstOrDefault(where ?? (_ => true))), found => found is not null)!;
}
