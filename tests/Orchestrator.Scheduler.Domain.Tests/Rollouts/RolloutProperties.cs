using CsCheck;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Rollouts;

namespace Orchestrator.Scheduler.Domain.Tests.Rollouts;

public sealed class RolloutProperties
{
    private const int Cases = 3_000;

    private static readonly Gen<string> Shares = Gen.OneOf("1", "2", "3", "10%", "25%", "50%", "100%");

    private static readonly Gen<RolloutPolicy> Policies = Gen.Select(
        Gen.OneOf("0", "1", "2", "4", "25%"), Gen.Bool, Gen.Int[0, 2], Shares, Shares, Gen.Int[0, 3], Gen.OneOf(0, 5),
        (parallelism, startFirst, kind, amount, other, limits, seconds) => new RolloutPolicy
        {
            Parallelism = parallelism,
            Order = startFirst ? UpdateOrder.StartFirst : UpdateOrder.StopFirst,
            Canary = kind == 1 && startFirst ? amount : null,
            Steps = kind == 2 ? [amount] : [],
            AutoPromote = limits == 3,
            MaxSurge = limits == 1 && startFirst ? other : null,
            MinAvailable = limits == 2 && !startFirst && other != "100%" ? other : null,
            DelaySeconds = seconds,
            MonitorSeconds = seconds,
            MinHealthySeconds = seconds,
        });

    /// <summary>What happens to a task in a round: nothing, it gets on, it fails, its health goes.</summary>
    private static readonly Gen<int[]> Fates = Gen.Int[0, 9].Array[12];

    [Fact]
    public void WhateverHappens_NoPlanTakesMoreThanTheBudgetAllows() =>
        Gen.Select(Gen.Int[1, 8], Policies, Fates.Array[25]).Sample((replicas, policy, rounds) =>
        {
            var world = new World(replicas, policy);
            foreach (var fates in rounds)
            {
                var (budget, served, live) = (world.Budget, world.Served, world.Live);
                var plan = world.Step();
                Assert.True(plan.Create.Count == 0 || world.Live <= world.Replicas + budget.Surge, $"{world.Live} live of {world.Replicas} and {budget.Surge}, before: {live}");
                Assert.True(world.Served >= Math.Min(served, world.Replicas - budget.Unavailable), $"{world.Served} serve of {served}, {budget.Unavailable} may be away");
                Assert.True(!budget.Paused || plan.Create.All(task => task.Revision == World.OldRevision));
                Assert.Equal(world.Tasks.Where(task => task.IsLive).Select(task => (task.Slot, task.Revision)).Distinct().Count(), world.Live);
                Befall(world, fates);
            }
        }, iter: Cases);

    [Fact]
    public void APlanCarriedOut_AndPlannedAgain_YieldsNothing() =>
        Gen.Select(Gen.Int[1, 8], Policies, Fates.Array[10]).Sample((replicas, policy, rounds) =>
        {
            var world = new World(replicas, policy);
            foreach (var fates in rounds)
            {
                var before = world.Rollout;
                world.Step();
                world.Rollout = before;
                var again = world.Plan();
                Assert.Empty(again.Create);
                Assert.Empty(again.Stop);
                Befall(world, fates);
            }
        }, iter: Cases);

    [Fact]
    public void TheOrderOfTheTasks_DoesNotMatter() =>
        Gen.Select(Gen.Int[1, 8], Policies, Fates.Array[6], Gen.Int).Sample((replicas, policy, rounds, seed) =>
        {
            var world = new World(replicas, policy);
            foreach (var fates in rounds)
            {
                var one = world.Plan();
                world.Tasks = [.. world.Tasks.OrderBy(task => HashCode.Combine(task.Id, seed))];
                var other = world.Plan();
                Assert.Equal(one.Create, other.Create);
                Assert.Equal(one.Stop, other.Stop);
                Assert.Equal(one.Counts, other.Counts);
                world.Step();
                Befall(world, fates);
            }
        }, iter: Cases);

    [Fact]
    public void OnAClusterThatObeys_ItCompletes_AndReplacesEachTaskOnce() =>
        Gen.Select(Gen.Int[1, 8], Policies).Sample((replicas, policy) =>
        {
            var world = new World(replicas, policy);
            var created = 0;
            for (var round = 0; round < 100 && world.Rollout.State != RolloutState.Completed; round++)
            {
                created += world.Step().Create.Count;
                if (world.Rollout.State == RolloutState.AwaitingPromotion)
                {
                    world.Promote();
                }

                world.Obey(TimeSpan.FromSeconds(6));
            }

            Assert.Equal(RolloutState.Completed, world.Rollout.State);
            Assert.Equal((replicas, replicas), (created, world.NewSlots.Count));
        }, iter: Cases);

    [Fact]
    public void WhenAllNewTasksFail_ItIsRolledBack_AndEveryReplicaServes() =>
        Gen.Select(Gen.Int[1, 8], Policies).Sample((replicas, policy) =>
        {
            var world = new World(replicas, policy);
            for (var round = 0; round < 60 && world.Rollout.State != RolloutState.RollingBack; round++)
            {
                world.Step();
                world.FailNew();
                world.Obey(TimeSpan.FromSeconds(6));
            }

            Assert.Equal(RolloutState.RollingBack, world.Rollout.State);
            for (var round = 0; round < 5; round++)
            {
                world.Step();
                world.Obey(TimeSpan.FromSeconds(6));
            }

            Assert.Equal(Enumerable.Range(1, replicas), world.OldSlots);
        }, iter: Cases);

    private static void Befall(World world, int[] fates)
    {
        world.Now += TimeSpan.FromSeconds(3);
        var tasks = world.Tasks;
        world.Tasks = [.. tasks.Select((task, i) => (task, Fate: fates[i % fates.Length]) switch
        {
            ({ State: var state }, _) when state.IsFinal() => task,
            ({ Desired: DesiredState.Stop }, < 7) => task with { State = TaskState.Stopped, Ready = false, FinishedAt = world.Now },
            ({ Desired: DesiredState.Run }, < 6) => world.Run(task),
            ({ Desired: DesiredState.Run }, 8) => world.Fail(task),
            ({ Desired: DesiredState.Run }, 9) => task with { Ready = false, ReadySince = null },
            _ => task,
        })];
        if (fates[0] == 9)
        {
            world.Replicas = Math.Clamp(world.Replicas + (fates[1] % 3) - 1, 1, 8);
        }

        if (world.Rollout.State == RolloutState.AwaitingPromotion && fates[2] > 4)
        {
            world.Promote();
        }
    }
}
