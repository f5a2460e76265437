using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

public sealed class PlanTests : IAsyncLifetime
{
    private readonly SchedulerHarness _scheduler = new();

    public ValueTask InitializeAsync() => _scheduler.InitializeAsync();

    public ValueTask DisposeAsync() => _scheduler.DisposeAsync();

    [Fact]
    public async Task APlan_TellsWhereTasksWouldGo_AndWhatWouldWait_AndWritesNothing()
    {
        await _scheduler.JoinAsync("n1", cpus: 2);
        await _scheduler.JoinAsync("n2", cpus: 1);
        var plan = await PlanAsync(SchedulerHarness.Web(replicas: 4, cpus: 1));
        var service = Assert.Single(plan.Services);
        Assert.Equal((0L, PlannedChange.Create, 1), (plan.Index, service.Change, service.Waiting));
        Assert.Equal(["n1", "n1", "n2"], service.Tasks.Select(task => task.Node).Order());
        Assert.NotEmpty(service.Reasons);
        Assert.NotEmpty(service.Changes);
        Assert.Empty(await _scheduler.Store<IServiceStore>().ListAsync(null, CancellationToken.None));
        Assert.Empty((await _scheduler.Store<INodeStore>().FindAsync("n1", CancellationToken.None))!.Reservations);
    }

    [Fact]
    public async Task APlanOfWhatRuns_TellsTheDifference_AndADeployByAnOldPlanIsRefused()
    {
        await _scheduler.JoinAsync(cpus: 4);
        var other = SchedulerHarness.Web(replicas: 1, name: "other");
        var tasks = await _scheduler.RunAsync("c1", SchedulerHarness.Web(replicas: 2, cpus: 1), other);
        var plan = await PlanAsync(SchedulerHarness.Web("web:2", replicas: 3, cpus: 1));
        Assert.Equal([PlannedChange.Update, PlannedChange.Remove], plan.Services.Select(service => service.Change));
        Assert.Contains("container.image: \"web:1\" → \"web:2\"", plan.Services[0].Differences);
        Assert.Equal(2, plan.Services[0].Tasks.Count(task => tasks.Any(old => old.TaskId == task.Replaces)));
        Assert.Equal([1, 2, 3], plan.Services[0].Tasks.Select(task => task.Slot));

        var same = await PlanAsync(SchedulerHarness.Web(replicas: 2, cpus: 1), other);
        Assert.All(same.Services, service => Assert.Equal((PlannedChange.None, 0), (service.Change, service.Tasks.Count)));
        var refused = Assert.IsType<CommandRejected>(await _scheduler.AskAsync(SchedulerHarness.Deploy("c2", SchedulerHarness.Web("web:2")) with { PlanIndex = plan.Index - 1 }));
        Assert.Contains($"it is at {plan.Index}; plan again", Assert.Single(refused.Errors), StringComparison.Ordinal);
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(SchedulerHarness.Deploy("c3", SchedulerHarness.Web("web:2")) with { PlanIndex = plan.Index }));
    }

    [Fact]
    public async Task APlannedUpdate_SaysWhyEachTaskIsStoppedFirst()
    {
        await _scheduler.JoinAsync(cpus: 4);
        await _scheduler.RunAsync("c1", SchedulerHarness.Web(cpus: 1));
        var port = SchedulerHarness.Web("web:2", cpus: 1) with { Ports = [new PortSpec { Target = 80, Published = 8080, Mode = PortMode.Host }] };
        Assert.Equal("a fixed port of the node", Assert.Single((await PlanAsync(port)).Services).StopFirst);
        Assert.Null(Assert.Single((await PlanAsync(SchedulerHarness.Web("web:2", cpus: 1))).Services).StopFirst);
    }

    [Fact]
    public async Task ASpecThatCannotBe_IsNotPlanned()
    {
        var plan = await PlanAsync(SchedulerHarness.Web() with { Priority = 101 });
        Assert.Empty(plan.Services);
        Assert.Equal("spec.services[0].priority: priority 101 cannot be; write 0 to 100", Assert.Single(plan.Errors));
    }

    private async Task<AppPlanned> PlanAsync(params ServiceSpec[] services)
    {
        var id = NewId.NextGuid().ToString("N");
        await _scheduler.Bus.Publish(new PlanApp { RequestId = id, App = "shop", Spec = new ApplicationSpec { Services = services } });
        return await _scheduler.PlanAsync(id);
    }
}
