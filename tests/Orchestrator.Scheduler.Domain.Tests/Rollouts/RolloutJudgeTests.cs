using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Rollouts;

namespace Orchestrator.Scheduler.Domain.Tests.Rollouts;

public sealed class RolloutJudgeTests
{
    private static readonly RolloutView Update = new()
    {
        State = RolloutState.Progressing, HasStable = true, StartedAt = A.Now, ProgressAt = A.Now, Counts = new RolloutCounts { Replicas = 4, Started = 1, New = 1, Old = 4 },
    };

    [Fact]
    public void AFailedTask_RollsBack() => Assert.Equal((RolloutVerdict.RollBack, "slot 1: exit 1"), Judge(Failing(Update, 1)));

    [Fact]
    public void WithNothingStable_ItFails() => Assert.Equal(RolloutVerdict.Fail, Judge(Failing(Update, 1) with { HasStable = false }).Verdict);

    [Fact]
    public void ARollback_IsNeverRolledBack() => Assert.Equal(RolloutVerdict.Fail, Judge(Failing(Update, 1) with { IsRollback = true }).Verdict);

    [Fact]
    public void WithFailureActionPause_ItPauses() => Assert.Equal(RolloutVerdict.Pause, Judge(Failing(With(new RolloutPolicy { FailureAction = FailureAction.Pause }), 1)).Verdict);

    [Fact]
    public void WithFailureActionContinue_ItGoesOn() => Assert.Equal(RolloutVerdict.Progress, Judge(Failing(With(new RolloutPolicy { FailureAction = FailureAction.Continue }), 3)).Verdict);

    [Theory]
    [InlineData(1, RolloutVerdict.Progress)]
    [InlineData(2, RolloutVerdict.RollBack)]
    public void TheRatio_IsWhatMayFail(int failed, RolloutVerdict verdict) =>
        Assert.Equal(verdict, Judge(Failing(With(new RolloutPolicy { MaxFailureRatio = 0.25 }), failed)).Verdict);

    [Fact]
    public void TheFirstRevision_HasFailed_OnlyWhenASlotFailsAgainAndAgain()
    {
        var first = Update with { IsFirst = true, HasStable = false };
        Assert.Equal(RolloutVerdict.Progress, Judge(Failing(first, 2)).Verdict);
        Assert.Equal(RolloutVerdict.Fail, Judge(Failing(first, 3) with { Counts = first.Counts! with { Failed = 3, Stuck = true } }).Verdict);
    }

    [Fact]
    public void WithoutProgress_ItFailsAtTheDeadline_ButNotWhileItWaitsForOthers()
    {
        var late = A.Now.AddSeconds(600);
        Assert.Equal(RolloutVerdict.Progress, RolloutJudge.Judge(Update, late.AddSeconds(-1)).Verdict);
        Assert.Equal(RolloutVerdict.RollBack, RolloutJudge.Judge(Update, late).Verdict);
        Assert.Equal(late, RolloutJudge.Deadline(Update));
        Assert.Equal(RolloutVerdict.Progress, RolloutJudge.Judge(Update with { Counts = Update.Counts! with { WaitsForOthers = true } }, late).Verdict);
    }

    [Fact]
    public void AllReplaced_ItIsWatched_ThenComplete()
    {
        var all = Update with { Counts = new RolloutCounts { Replicas = 4, Started = 4, New = 4, Done = 4, Converged = true } };
        Assert.Equal(RolloutVerdict.Monitor, Judge(all).Verdict);
        var watched = all with { State = RolloutState.Monitoring, MonitorUntil = A.Now.AddSeconds(5) };
        Assert.Equal(RolloutVerdict.Monitor, Judge(watched).Verdict);
        Assert.Equal(RolloutVerdict.Complete, RolloutJudge.Judge(watched, A.Now.AddSeconds(5)).Verdict);
        Assert.Equal(RolloutVerdict.RollBack, Judge(watched with { Counts = all.Counts! with { Failed = 1, Converged = false } }).Verdict);
    }

    [Fact]
    public void WhereNothingHadToBeReplaced_AndOfAFirstRevision_NothingIsWatched()
    {
        var all = Update with { Counts = new RolloutCounts { Replicas = 4, New = 4, Done = 4, Converged = true } };
        Assert.Equal(RolloutVerdict.Complete, Judge(all).Verdict);
        Assert.Equal(RolloutVerdict.Complete, Judge(all with { IsFirst = true, Counts = all.Counts! with { Started = 4 } }).Verdict);
    }

    [Fact]
    public void ACanary_WaitsForAPromotion_OrPromotesItself()
    {
        var canary = With(new RolloutPolicy { Canary = "1" }) with { Counts = new RolloutCounts { Replicas = 4, Started = 1, New = 1, Done = 1, Old = 4 } };
        Assert.Equal(RolloutVerdict.Hold, Judge(canary).Verdict);
        Assert.Equal(RolloutVerdict.Progress, Judge(canary with { Counts = canary.Counts! with { Done = 0 } }).Verdict);
        Assert.Equal(RolloutVerdict.Progress, Judge(canary with { Stage = 1 }).Verdict);
        Assert.Equal(RolloutVerdict.Advance, Judge(canary with { Policy = canary.Policy with { AutoPromote = true } }).Verdict);
    }

    [Fact]
    public void EveryAction_IsAllowedSomewhere_AndRefusedWithACure()
    {
        foreach (var action in Enum.GetValues<RolloutAction>())
        {
            var refusals = Enum.GetValues<RolloutState>().Select(state => RolloutSteering.Refusal(state, action)).ToList();
            Assert.Contains(null, refusals);
            Assert.All(refusals.OfType<string>(), refusal => Assert.StartsWith("it is ", refusal, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void TheOutlook_CountsSteps_AndNamesWhatBlocks()
    {
        var outlook = RolloutOutlook.Of(With(new RolloutPolicy { Parallelism = "2", Canary = "1" }) with { State = RolloutState.AwaitingPromotion, Counts = Update.Counts! with { Done = 1 } }, null);

        // The canary, its promotion, two batches for the other three, the watch.
        Assert.Equal((2, 5), (outlook.Step, outlook.Steps));
        Assert.Contains("promote", outlook.Next, StringComparison.Ordinal);
        Assert.Equal("slot 2: no node takes it", RolloutOutlook.Of(Update with { Counts = Update.Counts! with { Reason = "slot 2: no node takes it" } }, null).Blocker);
    }

    private static RolloutView With(RolloutPolicy policy) => Update with { Policy = policy };

    private static RolloutView Failing(RolloutView rollout, int failed) => rollout with { Counts = rollout.Counts! with { Failed = failed, Reason = "slot 1: exit 1" } };

    private static (RolloutVerdict Verdict, string? Reason) Judge(RolloutView rollout) => RolloutJudge.Judge(rollout, A.Now.AddSeconds(1));
}
