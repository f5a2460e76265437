using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Rollouts;

namespace Orchestrator.Scheduler.Domain.Tests.Rollouts;

public sealed class RolloutPolicyTests
{
    private static readonly ServiceSpec Web = new() { Name = "web", Replicas = 4, Container = new ContainerSpec { Image = "web" } };

    [Fact]
    public void Defaults_AreAQuarterOfTheReplicas_StartFirst_Watched_AndRolledBack()
    {
        var policy = RolloutPolicies.Of(Web);
        Assert.Equal(new RolloutPolicy(), policy with { Steps = new RolloutPolicy().Steps });
        Assert.Equal([1, 1, 2, 2, 5], new[] { 1, 7, 8, 10, 20 }.Select(replicas => RolloutBudgets.Parallelism(policy, replicas)));
        Assert.Equal(20, RolloutBudgets.Parallelism(policy with { Parallelism = "0" }, 20));
    }

    [Fact]
    public void WhatCannotRunSideBySide_GoesStopFirst()
    {
        var port = Web with { Ports = [new PortSpec { Target = 80, Published = 80, Mode = PortMode.Host }], Update = new UpdateConfig { Order = UpdateOrder.StartFirst } };
        Assert.Equal(UpdateOrder.StopFirst, RolloutPolicies.Of(port).Order);
        Assert.Equal(("update.order", false), RolloutRules.Check(port).Select(remark => (remark.Path, remark.IsError)).Single());
        Assert.Equal(UpdateOrder.StopFirst, RolloutPolicies.Of(Web with { Placement = new PlacementSpec { MaxReplicasPerNode = 1 } }).Order);
        var volume = Web with { Container = Web.Container with { Mounts = [new MountSpec { Type = MountType.Volume, Source = "data", Target = "/data" }] } };
        Assert.Equal(UpdateOrder.StopFirst, RolloutPolicies.Of(volume).Order);
        Assert.Equal("a volume of its own", RolloutPolicies.WhyItStopsFirst(volume));
        Assert.Equal(UpdateOrder.StartFirst, RolloutPolicies.Of(volume with { Update = new UpdateConfig { Order = UpdateOrder.StartFirst } }).Order);
    }

    [Fact]
    public void TheWatch_IsAtLeastWhatTheHealthCheckNeeds()
    {
        var check = new HealthcheckSpec { Test = ["CMD", "true"], StartPeriodSeconds = 10, IntervalSeconds = 5, Retries = 2 };
        var spec = Web with { Container = Web.Container with { Healthcheck = check }, Update = new UpdateConfig { MonitorSeconds = 5 } };
        Assert.Equal(20, RolloutPolicies.Of(spec).MonitorSeconds);
        Assert.Contains(RolloutRules.Check(spec), remark => remark is { Path: "update.monitorSeconds", IsError: false });
        Assert.Empty(RolloutRules.Check(spec with { Update = null }));
    }

    public static TheoryData<string, UpdateConfig?, RolloutSpec> Bad => new()
    {
        { "rollout.canary", null, new RolloutSpec { Canary = "120%" } },
        { "rollout.canary", null, new RolloutSpec { Canary = "some" } },
        { "rollout.canary", null, new RolloutSpec { Canary = "0" } },
        { "rollout.canary", new UpdateConfig { Order = UpdateOrder.StopFirst }, new RolloutSpec { Canary = "1" } },
        { "rollout.maxSurge", null, new RolloutSpec { MaxSurge = "0", MinAvailable = "100%" } },
        { "rollout.maxSurge", new UpdateConfig { Order = UpdateOrder.StartFirst }, new RolloutSpec { MaxSurge = "0" } },
        { "rollout.minAvailable", new UpdateConfig { Order = UpdateOrder.StopFirst }, new RolloutSpec { MinAvailable = "4" } },
        { "rollout.steps", null, new RolloutSpec { Steps = ["50%", "1"] } },
        { "rollout.healthyDeadlineSeconds", null, new RolloutSpec { HealthyDeadlineSeconds = 5 } },
        { "rollout.progressDeadlineSeconds", null, new RolloutSpec { ProgressDeadlineSeconds = 60, HealthyDeadlineSeconds = 120 } },
        { "rollout.minHealthySeconds", null, new RolloutSpec { MinHealthySeconds = -1 } },
        { "update.maxFailureRatio", new UpdateConfig { MaxFailureRatio = 2 }, new RolloutSpec() },
        { "update.parallelism", new UpdateConfig { Parallelism = -1 }, new RolloutSpec() },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void APolicyThatCannotWork_IsRefused_WithTheCure(string path, UpdateConfig? update, RolloutSpec rollout)
    {
        var check = new HealthcheckSpec { Test = ["CMD", "true"], IntervalSeconds = 5, Retries = 2 };
        var spec = Web with { Container = Web.Container with { Healthcheck = check }, Update = update, Rollout = rollout };
        var error = Assert.Single(RolloutRules.Check(spec), remark => remark.IsError);
        Assert.Equal(path, error.Path);
        Assert.Matches("write|raise|lower|remove|sort", error.Text);
    }

    [Fact]
    public void ARollback_IsNotRolledBack() =>
        Assert.Equal("rollback.failureAction", Assert.Single(RolloutRules.Check(Web with { Rollback = new UpdateConfig { FailureAction = FailureAction.Rollback } })).Path);
}
