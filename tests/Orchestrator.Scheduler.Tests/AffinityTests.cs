using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

/// <summary>Services drawn to those of other applications, or kept from them. The clock stands still: what waits is woken by what changes.</summary>
public sealed class AffinityTests : SchedulerScenes
{
    [Fact]
    public async Task ATask_WaitsForAServiceThatIsNotThere_AndFollowsItIntoItsZone()
    {
        await StartAsync();
        await Scheduler.JoinAsync(Scheduler.Joined("n1", labels: ("zone", "a")));
        await Scheduler.JoinAsync(Scheduler.Joined("n2", labels: ("zone", "b")));
        await Scheduler.JoinAsync(Scheduler.Joined("n3", cpus: 8, labels: ("zone", "b")));
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", Near("blog/db", 100, "node.labels.zone")));
        var told = await Scheduler.EventAsync<TaskUnschedulable>();
        Assert.Contains("n1 is in zone=a, which has no task of blog/db", told.Reasons);
        Assert.Contains("make the affinity to blog/db soft", told.Changes);

        await Scheduler.AskAsync(Blog("c2", OnNode("n2")));
        var db = await NextAsync(DesiredState.Run);
        Assert.Equal(("n2", "db"), (db.Node, db.Task.Spec!.Service));
        var web = await NextAsync(DesiredState.Run);
        Assert.Equal("web", web.Task.Spec!.Service);
        Assert.Contains(web.Node, new[] { "n2", "n3" });
        var plan = await PlannedAsync(new DeployApp { App = "third", Spec = new ApplicationSpec { Services = [Near("blog/none", 100, "node.id"), Near("blog/db", 100, "node.id") with { Name = "beside" }] } });
        Assert.Equal(("web", 1, "beside", "n2"), (plan[0].Name, plan[0].Waiting, plan[1].Name, Assert.Single(plan[1].Tasks).Node));
    }

    [Fact]
    public async Task WhoMustNotBeBesideAnother_WaitsUntilThatHasGone()
    {
        await StartAsync("n1");
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", With(new PlacementSpec())));
        var web = await NextAsync(DesiredState.Run);
        await RunningAsync(web);
        await Scheduler.AskAsync(Blog("c2", Near("shop/web", -1, "node.id").Placement!));
        Assert.Equal(["n1 has a task of shop/web"], (await Scheduler.EventAsync<TaskUnschedulable>()).Reasons);
        await Scheduler.AskAsync(new ScaleService { CommandId = "c3", App = "shop", Service = "web", Replicas = 0 });
        await Scheduler.SendAsync("n1", Scheduler.Report((await NextAsync(DesiredState.Stop)).Task, TaskState.Stopped));
        Assert.Equal("db", (await NextAsync(DesiredState.Run)).Task.Spec!.Service);
    }

    [Fact]
    public async Task WhoIsKeptAway_IsLetIn_WhenTheOtherDoesNotMindAnyMore()
    {
        await StartAsync("n1");
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", Near("blog/db", -1, "node.id")));
        await RunningAsync(await NextAsync(DesiredState.Run));
        await Scheduler.EventAsync<RolloutCompleted>();
        await Scheduler.AskAsync(Blog("c2", new PlacementSpec()));
        Assert.Equal(["n1 has a task of shop/web"], (await Scheduler.EventAsync<TaskUnschedulable>()).Reasons);
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c3", With(new PlacementSpec())));
        Assert.Equal("db", (await NextAsync(DesiredState.Run)).Task.Spec!.Service);
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c4", Near("blog/db", -1, "node.id")));
        await SchedulerHarness.UntilAsync(() => Scheduler.Store<IServiceStore>().ListBesideAsync([], CancellationToken.None), list => list.Count == 1);
    }

    [Fact]
    public async Task ASoftAffinity_ToAServiceOfAnotherApplication_DrawsAndRepels()
    {
        await StartAsync("n1", "n2");
        await Scheduler.AskAsync(Blog("c1", OnNode("n2")));
        await RunningAsync(await NextAsync(DesiredState.Run));
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c2", Soft("near", 50), Soft("far", -50), Soft("nobody", 50, "blog/none")));
        var tasks = new[] { await NextAsync(DesiredState.Run), await NextAsync(DesiredState.Run), await NextAsync(DesiredState.Run) }.ToDictionary(task => task.Task.Spec!.Service, task => task.Node);
        Assert.Equal(("n2", "n1"), (tasks["near"], tasks["far"]));
        Assert.Contains("nobody", tasks.Keys);
    }

    [Fact]
    public async Task AName_ThatCannotBe_IsRefused_WithAllErrors()
    {
        await StartAsync();
        var rejected = Assert.IsType<CommandRejected>(await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", With(new PlacementSpec
        {
            ServiceAffinities = [new() { Service = "shop/web" }, new() { Service = "Blog/db" }, new() { Service = "a/b/c" }, new() { Service = "blog/db" }],
        }))));
        Assert.Equal(
            [
                "spec.services[0].placement.serviceAffinities[0]: 'shop/web' is of this application; write web",
                "spec.services[0].placement.serviceAffinities[1]: 'Blog/db' names no service; write app/service, both of lower-case letters, digits, '-' and '_'",
                "spec.services[0].placement.serviceAffinities[2]: 'a/b/c' names no service; write app/service, both of lower-case letters, digits, '-' and '_'",
            ],
            rejected.Errors);
    }

    private async Task<IReadOnlyList<PlannedService>> PlannedAsync(DeployApp deploy)
    {
        await Scheduler.Bus.Publish(new PlanApp { RequestId = "p1", App = deploy.App!, Spec = deploy.Spec! });
        return (await Scheduler.PlanAsync("p1")).Services;
    }

    private static ServiceSpec Near(string service, int weight, string topology) =>
        With(new PlacementSpec { ServiceAffinities = [new ServiceAffinitySpec { Service = service, Weight = weight, Topology = topology, Hard = true }] });

    private static ServiceSpec Soft(string name, int weight, string service = "blog/db") =>
        With(new PlacementSpec { ServiceAffinities = [new ServiceAffinitySpec { Service = service, Weight = weight }] }) with { Name = name };

    private static PlacementSpec OnNode(string node) => new() { Constraints = [$"node.id=={node}"] };

    private static DeployApp Blog(string command, PlacementSpec placement) =>
        new() { CommandId = command, App = "blog", Spec = new ApplicationSpec { Services = [With(placement) with { Name = "db" }] } };
}
