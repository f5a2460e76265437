using Orchestrator.Contracts;
using Orchestrator.Scheduler.Rollouts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests.Rollouts;

/// <summary>Updates on the running scheduler: command, reconciler, saga and sweep together.</summary>
public sealed class RolloutTests : IAsyncLifetime
{
    private readonly SchedulerHarness _scheduler = new();
    private readonly List<NodeTask> _told = [];

    public ValueTask InitializeAsync() => _scheduler.InitializeAsync();

    public ValueTask DisposeAsync() => _scheduler.DisposeAsync();

    [Fact]
    public async Task AnUpdateThatFails_GoesBack_AndNoOldTaskIsTouched()
    {
        await _scheduler.JoinAsync();
        var old = await _scheduler.RunAsync("c1", SchedulerHarness.Web());
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c2", SchedulerHarness.Web("web:2")));
        await _scheduler.ReportAsync(TaskState.Failed, await NextAsync("web:2"));
        Assert.Equal(RolloutState.RollingBack, (await _scheduler.EventAsync<RolloutChanged>(changed => changed is { ToRevision: 2, State: RolloutState.RollingBack })).State);
        var back = await _scheduler.EventAsync<RolloutStarted>(started => started.ToRevision == 3);
        Assert.Equal(2, back.FromRevision);
        await _scheduler.EventAsync<RolloutCompleted>(completed => completed.ToRevision == 3);
        await _scheduler.EventAsync<RolloutChanged>(changed => changed is { ToRevision: 2, State: RolloutState.RolledBack });
        var live = (await TasksAsync()).Where(task => !task.State.IsFinal()).ToList();
        Assert.Equal(old.Select(task => task.TaskId).Order(), live.Where(task => task.Desired == DesiredState.Run).Select(task => task.Id).Order());
        var revisions = await _scheduler.Store<IRevisionStore>().ListAsync(live[0].ServiceId, CancellationToken.None);
        Assert.Equal((1, 2), (revisions[^1].RollbackTo!.Value, revisions[^1].FailedRevision!.Value));
    }

    [Fact]
    public async Task DeployingTheFailedFileAgain_IsAChange()
    {
        await _scheduler.JoinAsync();
        await _scheduler.RunAsync("c1", SchedulerHarness.Web(replicas: 1));
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c2", SchedulerHarness.Web("web:2", replicas: 1)));
        await _scheduler.ReportAsync(TaskState.Failed, await NextAsync("web:2"));
        await _scheduler.EventAsync<RolloutChanged>(changed => changed.State == RolloutState.RolledBack);
        var again = Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(SchedulerHarness.Deploy("c3", SchedulerHarness.Web("web:2", replicas: 1))));
        Assert.Equal((true, 4), (again.Changed, again.Revisions["web"]));
    }

    [Fact]
    public async Task ANewerDeploy_TakesOver_AndEachSlotGoesStraightToIt()
    {
        await _scheduler.JoinAsync();
        await _scheduler.RunAsync("c1", SchedulerHarness.Web());
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c2", SchedulerHarness.Web("web:2")));
        await NextAsync("web:2");
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c3", SchedulerHarness.Web("web:3")));
        await _scheduler.EventAsync<RolloutChanged>(changed => changed is { ToRevision: 2, State: RolloutState.Superseded });
        for (var slot = 1; slot <= 2; slot++)
        {
            await _scheduler.ReportAsync(TaskState.Running, await NextAsync("web:3"));
        }

        var started = (await TasksAsync()).Where(task => task.Revision > 1).GroupBy(task => task.Image).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal((1, 2), (started["web:2"], started["web:3"]));
    }

    [Fact]
    public async Task ACanary_KeepsTheOldTasks_UntilItIsPromoted()
    {
        await _scheduler.JoinAsync();
        await _scheduler.RunAsync("c1", SchedulerHarness.Web());
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c2", Canary("web:2")));
        await _scheduler.ReportAsync(TaskState.Running, await NextAsync("web:2"));
        await _scheduler.EventAsync<RolloutChanged>(changed => changed.State == RolloutState.AwaitingPromotion);
        Assert.DoesNotContain(await TasksAsync(), task => task.Desired == DesiredState.Stop);

        Assert.IsType<CommandAccepted>(await SteerAsync("p1", RolloutAction.Promote));
        await _scheduler.ReportAsync(TaskState.Running, await NextAsync("web:2"));
        await SchedulerHarness.UntilAsync(TasksAsync, tasks => tasks.Count(task => task is { Image: "web:1", Desired: DesiredState.Stop }) == 2);
        var rejected = Assert.IsType<CommandRejected>(await SteerAsync("p2", RolloutAction.Promote));
        Assert.Contains("no canary or step of it waits", rejected.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task APausedUpdate_BeginsNoSlot_AndALostOldTaskIsReplacedByAnOldOne()
    {
        await _scheduler.JoinAsync();
        var old = await _scheduler.RunAsync("c1", SchedulerHarness.Web(replicas: 3));
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c2", SchedulerHarness.Web("web:2", replicas: 3)));
        var first = await NextAsync("web:2");
        Assert.IsType<CommandAccepted>(await SteerAsync("s1", RolloutAction.Pause));
        await _scheduler.ReportAsync(TaskState.Running, first);
        await _scheduler.ReportAsync(TaskState.Failed, old.Single(task => task.Spec!.Slot == 3));
        var replacement = await NextAsync("web:1");
        Assert.Equal((3, 1), (replacement.Spec!.Slot, replacement.Spec.Revision));
        await _scheduler.ReportAsync(TaskState.Running, replacement);
        Assert.Equal(1, (await TasksAsync()).Count(task => task.Image == "web:2"));
        Assert.IsType<CommandAccepted>(await SteerAsync("s2", RolloutAction.Resume));
        await NextAsync("web:2");
    }

    [Fact]
    public async Task ScaledMeanwhile_NewSlotsGetTheNewRevision()
    {
        await _scheduler.JoinAsync();
        await _scheduler.RunAsync("c1", SchedulerHarness.Web(replicas: 1));
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c2", SchedulerHarness.Web("web:2", replicas: 1)));
        await _scheduler.ReportAsync(TaskState.Running, await NextAsync("web:2"));
        await _scheduler.AskAsync(new ScaleService { CommandId = "c3", App = "shop", Service = "web", Replicas = 2 });
        var added = await NextAsync("web:2");
        Assert.Equal(2, added.Spec!.Slot);
        await _scheduler.ReportAsync(TaskState.Running, added);
    }

    [Fact]
    public async Task Removal_EndsARollout()
    {
        await _scheduler.JoinAsync();
        await _scheduler.RunAsync("c1", SchedulerHarness.Web(replicas: 1));
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c2", SchedulerHarness.Web("web:2", replicas: 1)));
        await NextAsync("web:2");
        await _scheduler.AskAsync(new RemoveApp { CommandId = "c3", App = "shop" });
        await _scheduler.EventAsync<RolloutChanged>(changed => changed is { ToRevision: 2, State: RolloutState.Aborted });
    }

    [Fact]
    public async Task GoingBackByHand_GoesToTheOneAskedFor_OrTheNewestThatCompleted()
    {
        await _scheduler.JoinAsync();
        await _scheduler.RunAsync("c1", SchedulerHarness.Web(replicas: 0));
        for (var version = 2; version <= 3; version++)
        {
            await _scheduler.AskAsync(SchedulerHarness.Deploy($"c{version}", SchedulerHarness.Web($"web:{version}", replicas: 0)));
            await _scheduler.EventAsync<RolloutCompleted>(completed => completed.ToRevision == version);
        }

        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(Rollback("r1", null)));
        await _scheduler.EventAsync<RolloutCompleted>(completed => completed.ToRevision == 4);
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(Rollback("r2", 1)));
        await _scheduler.EventAsync<RolloutCompleted>(completed => completed.ToRevision == 5);
        var service = Assert.Single(await _scheduler.Store<IServiceStore>().ListAsync("shop", CancellationToken.None));
        var images = (await _scheduler.Store<IRevisionStore>().ListAsync(service.Id, CancellationToken.None)).Select(revision => revision.Spec.Container.Image);
        Assert.Equal(["web:1", "web:2", "web:3", "web:2", "web:1"], images);
        var rejected = Assert.IsType<CommandRejected>(await _scheduler.AskAsync(Rollback("r3", 77)));
        Assert.Contains("revision 77 is not kept; there are 1, 2, 3, 4", rejected.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheLastTenRevisions_AreKept()
    {
        await _scheduler.JoinAsync();
        for (var version = 1; version <= 13; version++)
        {
            await _scheduler.AskAsync(SchedulerHarness.Deploy($"c{version}", SchedulerHarness.Web($"web:{version}", replicas: 0)));
            await _scheduler.EventAsync<RolloutCompleted>(completed => completed.ToRevision == version);
        }

        var service = Assert.Single(await _scheduler.Store<IServiceStore>().ListAsync("shop", CancellationToken.None));
        Assert.Equal(Enumerable.Range(4, 10), (await _scheduler.Store<IRevisionStore>().ListAsync(service.Id, CancellationToken.None)).Select(revision => revision.Number));
        Assert.Equal(10, (await _scheduler.Store<IRolloutStore>().ListAsync(service.Id, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task AnUpdate_WaitsForThoseOfTheServicesItDependsOn()
    {
        await _scheduler.JoinAsync();
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", Db("db:1"), Dependent("web:1")));
        await _scheduler.ReportAsync(TaskState.Running, await NextAsync("db:1"));
        await _scheduler.ReportAsync(TaskState.Running, await NextAsync("web:1"));
        await _scheduler.EventAsync<RolloutCompleted>(completed => completed.Service == "db");
        await _scheduler.EventAsync<RolloutCompleted>(completed => completed.Service == "web");
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c2", Db("db:2"), Dependent("web:2")));
        var db = await NextAsync("db:2");
        await SchedulerHarness.UntilAsync(
            () => _scheduler.Store<IServiceStore>().ListAsync("shop", CancellationToken.None), services => services.Any(service => service is { Name: "web", DependenciesMet: false }));
        Assert.DoesNotContain(await TasksAsync(), task => task.Image == "web:2");
        await _scheduler.ReportAsync(TaskState.Running, db);
        await _scheduler.ReportAsync(TaskState.Running, await NextAsync("web:2"));
    }

    [Fact]
    public async Task AChangeThatNoContainerSees_ReplacesNothing()
    {
        await _scheduler.JoinAsync();
        await _scheduler.RunAsync("c1", SchedulerHarness.Web());
        var relabelled = SchedulerHarness.Web() with { Labels = new Dictionary<string, string> { ["tier"] = "gold" }, Update = new UpdateConfig { Parallelism = 2 } };
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c2", relabelled));
        await _scheduler.EventAsync<RolloutCompleted>(completed => completed.ToRevision == 2);
        Assert.All(await TasksAsync(), task => Assert.Equal((1, DesiredState.Run), (task.Revision, task.Desired)));
    }

    [Fact]
    public async Task APolicyThatContradictsItself_IsRejected()
    {
        var bad = SchedulerHarness.Web() with { Rollout = new RolloutSpec { MaxSurge = "0", MinAvailable = "100%" } };
        var rejected = Assert.IsType<CommandRejected>(await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", bad)));
        Assert.StartsWith("spec.services[0].rollout.maxSurge: ", Assert.Single(rejected.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARolloutThatHearsNothing_IsFoundByTheSweep()
    {
        await _scheduler.JoinAsync();
        await _scheduler.RunAsync("c1", SchedulerHarness.Web(replicas: 1));
        var service = Assert.Single(await _scheduler.Store<IServiceStore>().ListAsync("shop", CancellationToken.None));
        var store = _scheduler.Store<IRolloutStore>();
        var done = (await store.FindAsync(RolloutIds.Of(service.Id, 1), CancellationToken.None))!;

        // As a crash leaves it: stored, and nobody told.
        var lost = done with { Id = RolloutIds.Of(service.Id, 0), ToRevision = 0, State = RolloutState.Progressing, DueAt = _scheduler.Time.GetUtcNow() };
        Assert.True(await store.TryInsertAsync(lost, CancellationToken.None));
        _scheduler.Time.Advance(TimeSpan.FromSeconds(1));
        await SchedulerHarness.UntilAsync(() => store.FindAsync(lost.Id, CancellationToken.None), found => found!.State == RolloutState.Superseded);
    }

    private static ServiceSpec Canary(string image) => SchedulerHarness.Web(image) with { Rollout = new RolloutSpec { Canary = "1", MinHealthySeconds = 0 } };

    private static ServiceSpec Db(string image) => SchedulerHarness.Web(image, replicas: 1, name: "db");

    private static ServiceSpec Dependent(string image) =>
        SchedulerHarness.Web(image, replicas: 1) with { DependsOn = [new Dependency { Service = "db" }] };

    private static RollbackService Rollback(string id, int? to) => new() { CommandId = id, App = "shop", Service = "web", ToRevision = to };

    private Task<OrchestratorEvent> SteerAsync(string id, RolloutAction action) =>
        _scheduler.AskAsync(new SteerRollout { CommandId = id, App = "shop", Service = "web", Action = action });

    private Task<IReadOnlyList<TaskDocument>> TasksAsync() => _scheduler.Store<ITaskStore>().ListAsync("shop", null, CancellationToken.None);

    /// <summary>The next task of the image that the node is told to run. What it is told to stop meanwhile has stopped.</summary>
    private async Task<NodeTask> NextAsync(string image)
    {
        while (_told.All(task => task.Spec?.Container.Image != image))
        {
            await ObeyAsync();
        }

        var next = _told.First(task => task.Spec?.Container.Image == image);
        _told.Remove(next);
        return next;
    }

    private async Task ObeyAsync()
    {
        var message = await _scheduler.InstructionAsync();
        _told.AddRange(message.Tasks.Where(task => task.Desired == DesiredState.Run));
        var stopped = message.Tasks.Where(task => task.Desired == DesiredState.Stop).ToArray();
        if (stopped.Length > 0)
        {
            await _scheduler.ReportAsync(TaskState.Stopped, stopped);
        }
    }
}
