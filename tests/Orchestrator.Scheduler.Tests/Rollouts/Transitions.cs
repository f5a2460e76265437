using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests.Rollouts;

/// <summary>Every state met with everything that can happen, by the machine itself.</summary>
internal static class Transitions
{
    private static readonly RolloutCounts Some = new() { Replicas = 4, Ready = 4, New = 1, Old = 4, Started = 1 };
    private static readonly RolloutCounts All = new() { Replicas = 4, Ready = 4, New = 4, Done = 4, Started = 4, Converged = true };
    private static readonly RolloutCounts Canary = Some with { Done = 1 };
    private static readonly RolloutCounts Failure = Some with { Failed = 1, Reason = "slot 1: exit 1" };
    private static readonly RolloutCounts Nothing = All with { Started = 0 };

    private static readonly Happening[] Happenings =
    [
        new("some are left", rollout => rollout, id => MachineHarness.Saw(id, Some)),
        new("all replaced", rollout => rollout, id => MachineHarness.Saw(id, All)),
        new("nothing had to be replaced", rollout => rollout, id => MachineHarness.Saw(id, Nothing)),
        new("canary or step done", rollout => rollout with { Policy = new RolloutPolicy { Canary = "1" } }, id => MachineHarness.Saw(id, Canary)),
        new("a task failed", rollout => rollout, id => MachineHarness.Saw(id, Failure)),
        new("a task failed (failure_action pause)", rollout => rollout with { Policy = new RolloutPolicy { FailureAction = FailureAction.Pause } }, id => MachineHarness.Saw(id, Failure)),
        new("a task failed (nothing stable)", rollout => rollout with { StableRevision = null }, id => MachineHarness.Saw(id, Failure)),
        new("a task failed (going back)", rollout => rollout with { IsRollback = true }, id => MachineHarness.Saw(id, Failure)),
        new("its time has come", rollout => rollout with { Counts = All, MonitorUntil = rollout.MonitorUntil is null ? null : MachineHarness.Start }, id => new RolloutDue { RolloutId = id }),
        new("no progress in time", rollout => rollout with { Counts = Some, ProgressAt = MachineHarness.Start.AddHours(-1) }, id => new RolloutDue { RolloutId = id }),
        new("a newer revision", rollout => rollout, id => new RolloutOvertaken { RolloutId = id, ByRevision = 3 }),
        new("the service is removed", rollout => rollout, id => new RolloutOvertaken { RolloutId = id }),
        new("pause", rollout => rollout with { Counts = Some }, id => MachineHarness.Want(id, RolloutAction.Pause)),
        new("resume", rollout => rollout with { Counts = Some }, id => MachineHarness.Want(id, RolloutAction.Resume)),
        new("promote", rollout => rollout with { Counts = Canary, Policy = new RolloutPolicy { Canary = "1" } }, id => MachineHarness.Want(id, RolloutAction.Promote)),
        new("abort", rollout => rollout with { Counts = Some }, id => MachineHarness.Want(id, RolloutAction.Abort)),
        new("abort (nothing stable)", rollout => rollout with { Counts = Some, StableRevision = null }, id => MachineHarness.Want(id, RolloutAction.Abort)),
        new("retry", rollout => rollout with { Counts = Failure }, id => MachineHarness.Want(id, RolloutAction.Retry)),
        new("gone back", rollout => rollout, id => new RollbackEnded { RolloutId = id, State = RolloutState.Completed }),
        new("going back failed", rollout => rollout, id => new RollbackEnded { RolloutId = id, State = RolloutState.Failed }),
        new("going back overtaken", rollout => rollout, id => new RollbackEnded { RolloutId = id, State = RolloutState.Superseded }),
        new("its end is told", rollout => rollout, id => new RolloutTold { RolloutId = id }),
    ];

    public static async Task<IReadOnlyList<Transition>> AllAsync(MachineHarness machine)
    {
        var met = new List<(RolloutState From, Happening What, RolloutDocument Document)>();
        foreach (var state in Enum.GetValues<RolloutState>())
        {
            foreach (var what in Happenings)
            {
                met.Add((state, what, await machine.InsertAsync(state, what.Set)));
            }
        }

        await Task.WhenAll(met.Select(item => machine.PublishAsync(item.What.Message(item.Document.Id))));
        var ends = new List<Transition>();
        foreach (var (from, what, document) in met)
        {
            ends.Add(new Transition(from, (await machine.TakenAsync(document.Id, 1)).State, what.Name, document.Id, what.Message(document.Id)));
        }

        return ends;
    }

    private sealed record Happening(string Name, Func<RolloutDocument, RolloutDocument> Set, Func<string, object> Message);
}
