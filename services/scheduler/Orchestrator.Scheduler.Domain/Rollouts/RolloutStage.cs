using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Rollouts;

/// <summary>A part of the way.</summary>
/// <param name="Until">So many slots have a new task at its end.</param>
/// <param name="KeepOld">Old tasks stay beside the new ones.</param>
/// <param name="Holds">At its end a promotion is waited for.</param>
public sealed record RolloutStage(int Until, bool KeepOld, bool Holds)
{
    /// <summary>The canary, the steps, and the rest.</summary>
    public static IReadOnlyList<RolloutStage> Of(RolloutView rollout, int replicas)
    {
        var policy = rollout.Policy;
        if (rollout.IsFirst || rollout.IsRollback)
        {
            return [new RolloutStage(replicas, KeepOld: false, Holds: false)];
        }

        var stages = new List<RolloutStage>();
        if (policy.Canary is { } canary)
        {
            stages.Add(new RolloutStage(Math.Clamp(Amounts.Of(canary, replicas, up: true), 1, Math.Max(1, replicas)), KeepOld: true, Holds: true));
        }

        stages.AddRange(policy.Steps
            .Select(step => Math.Max(1, Amounts.Of(step, replicas, up: true)))
            .Where(step => step < replicas)
            .Select(step => new RolloutStage(step, KeepOld: false, Holds: true)));
        return [.. stages, new RolloutStage(replicas, KeepOld: false, Holds: false)];
    }

    public static RolloutStage Now(RolloutView rollout, int replicas)
    {
        var stages = Of(rollout, replicas);
        return stages[Math.Min(rollout.Stage, stages.Count - 1)];
    }
}
