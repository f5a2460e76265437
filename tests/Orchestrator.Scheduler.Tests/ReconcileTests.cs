using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

public sealed class ReconcileTests : IAsyncLifetime
{
    private readonly SchedulerHarness _scheduler = new();
    private readonly List<NodeTask> _told = [];

    public ValueTask InitializeAsync() => _scheduler.InitializeAsync();

    public ValueTask DisposeAsync() => _scheduler.DisposeAsync();

    [Fact]
    public async Task ADeploy_PlacesTasks_InstructsTheirNode_AndIsDoneWhenTheyAreReady()
    {
        await _scheduler.JoinAsync();
        var tasks = await _scheduler.RunAsync("c1", SchedulerHarness.Web(replicas: 3, cpus: 0.5));
        Assert.Equal([1, 2, 3], tasks.Select(task => task.Spec!.Slot).Order());
        Assert.All(tasks, task => Assert.Equal("web:1", task.Spec!.Container.Image));
        var node = (await _scheduler.Store<INodeStore>().FindAsync(SchedulerHarness.Node, CancellationToken.None))!;
        Assert.Equal(tasks.Select(task => task.TaskId).Order(), node.Reservations.Keys.Order());
        Assert.Equal(1.5, node.Reservations.Values.Sum(reservation => reservation.Cpus));
    }

    [Fact]
    public async Task Scaling_AddsSlots_AndTakesTheHighestAway()
    {
        await _scheduler.JoinAsync();
        var tasks = await _scheduler.RunAsync("c1", SchedulerHarness.Web(replicas: 2));
        await _scheduler.AskAsync(new ScaleService { CommandId = "c2", App = "shop", Service = "web", Replicas = 4 });
        var added = (await _scheduler.InstructionAsync(message => message.Tasks.Any(task => task.Spec?.Slot == 4))).Tasks;
        await _scheduler.ReportAsync(TaskState.Running, [.. added]);

        await _scheduler.AskAsync(new ScaleService { CommandId = "c3", App = "shop", Service = "web", Replicas = 1 });
        var stopped = await NextAsync(DesiredState.Stop, 3);

        Assert.DoesNotContain(tasks.Single(task => task.Spec!.Slot == 1).TaskId, stopped.Select(task => task.TaskId));
        await _scheduler.ReportAsync(TaskState.Stopped, [.. stopped]);
        await ReservationsAsync(1);
    }

    [Fact]
    public async Task AnApplicationThatNoNodeHasRoomFor_CanBeRemoved()
    {
        await _scheduler.JoinAsync();
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", SchedulerHarness.Web(replicas: 2, cpus: 64)));
        await _scheduler.EventAsync<TaskUnschedulable>();
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(new RemoveApp { CommandId = "c2", App = "shop" }));
        await _scheduler.EventAsync<AppRemoved>();
        Assert.Empty(await _scheduler.Store<IServiceStore>().ListAsync("shop", CancellationToken.None));
    }

    [Fact]
    public async Task ScaledDownToWhatHasRoom_TheRolloutIsDone()
    {
        await _scheduler.JoinAsync(cpus: 4);
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", SchedulerHarness.Web(replicas: 3, cpus: 3)));
        var placed = (await _scheduler.InstructionAsync()).Tasks;
        await _scheduler.ReportAsync(TaskState.Running, [.. placed]);
        await _scheduler.AskAsync(new ScaleService { CommandId = "c2", App = "shop", Service = "web", Replicas = 1 });
        await _scheduler.EventAsync<RolloutCompleted>();
    }

    [Fact]
    public async Task TasksThatEndedByThemselves_AreToldToStop_WhenTheirApplicationIsRemoved()
    {
        await _scheduler.JoinAsync();
        var once = SchedulerHarness.Web(replicas: 1) with { Restart = new RestartPolicy { Condition = RestartCondition.None } };
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", once)));
        var task = (await _scheduler.InstructionAsync()).Tasks.Single();
        await _scheduler.ReportAsync(TaskState.Failed, task);
        await _scheduler.EventAsync<RolloutFailed>();
        await _scheduler.AskAsync(new RemoveApp { CommandId = "c2", App = "shop" });
        var told = Assert.Single((await _scheduler.InstructionAsync()).Tasks);
        Assert.Equal((task.TaskId, DesiredState.Stop), (told.TaskId, told.Desired));
        Assert.True(told.Version > task.Version);
    }

    [Fact]
    public async Task ANewRevision_ReplacesOneTaskAtATime_StartFirst()
    {
        await _scheduler.JoinAsync();
        var old = await _scheduler.RunAsync("c1", SchedulerHarness.Web(replicas: 3));
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c2", SchedulerHarness.Web("web:2", 3)));
        var replaced = new HashSet<string>();
        for (var i = 0; i < 3; i++)
        {
            var fresh = Assert.Single(await NextAsync(DesiredState.Run, 1));
            Assert.Equal("web:2", fresh.Spec!.Container.Image);

            // Nothing more happens before the new task is ready.
            Assert.Empty(_told);
            await _scheduler.ReportAsync(TaskState.Running, fresh);
            var leaving = Assert.Single(await NextAsync(DesiredState.Stop, 1));
            Assert.True(replaced.Add(leaving.TaskId));
            await _scheduler.ReportAsync(TaskState.Stopped, leaving);
        }

        Assert.Equal(old.Select(task => task.TaskId).Order(), replaced.Order());
        Assert.Equal((1, 2), await _scheduler.EventAsync<RolloutCompleted>() is { } done ? (done.FromRevision!.Value, done.ToRevision) : default);
    }

    [Fact]
    public async Task AFailedTask_IsReplaced_InItsSlot_AfterAWaitThatGrows()
    {
        await _scheduler.JoinAsync();
        var task = (await _scheduler.RunAsync("c1", SchedulerHarness.Web(replicas: 1)))[0];
        await _scheduler.ReportAsync(TaskState.Failed, task);
        var second = (await _scheduler.InstructionAsync()).Tasks.Single();
        Assert.Equal((1, DesiredState.Run), (second.Spec!.Slot, second.Desired));
        Assert.NotEqual(task.TaskId, second.TaskId);

        await _scheduler.ReportAsync(TaskState.Failed, second);
        await _scheduler.EventAsync<TasksChanged>(changed => changed.Tasks.Any(change => change.TaskId == second.TaskId && change.State == TaskState.Failed));
        await SchedulerHarness.UntilAsync(async () => (await _scheduler.Store<IServiceStore>().ListAsync("shop", CancellationToken.None))[0], service => service is { DueAt: not null, DirtySince: null });
        Assert.Empty(_scheduler.InstructionsNotTaken());
        var third = await AdvanceUntilAsync(() => _scheduler.InstructionsNotTaken().SelectMany(message => message.Tasks).FirstOrDefault(next => next.TaskId != second.TaskId), TimeSpan.FromSeconds(30));
        Assert.Equal(1, third.Spec!.Slot);
    }

    [Fact]
    public async Task WithoutRoom_TasksWait_WithTheReason_UntilThereIs()
    {
        await _scheduler.JoinAsync(cpus: 1);
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", SchedulerHarness.Web(replicas: 2, cpus: 1)));
        var unschedulable = await _scheduler.EventAsync<TaskUnschedulable>();
        Assert.Equal(1, unschedulable.Waiting);
        Assert.Contains("CPU", string.Join(' ', unschedulable.Reasons), StringComparison.OrdinalIgnoreCase);
        Assert.Single((await _scheduler.InstructionAsync()).Tasks);

        await _scheduler.JoinAsync("n2", cpus: 1);
        Assert.Equal("n2", (await _scheduler.InstructionAsync()).NodeId);
    }

    /// <summary>The store as another scheduler leaves it: its releases are told to nobody.</summary>
    [Fact]
    public async Task RoomThatAnotherSchedulerMade_IsSeen()
    {
        var waiting = await ReleasedInSilenceAsync();
        await _scheduler.Bus.Publish(new ServiceChanged { ServiceId = waiting.Id });
        Assert.Single((await _scheduler.InstructionAsync()).Tasks);
    }

    /// <summary>As when two schedulers set aside for the same task, and the second gives it back.</summary>
    [Fact]
    public async Task RoomThatNobodyTellsOf_IsFoundInTime()
    {
        await ReleasedInSilenceAsync();
        await AdvanceUntilAsync(() => _scheduler.InstructionsNotTaken().SelectMany(message => message.Tasks).FirstOrDefault(), TimeSpan.FromSeconds(15));
    }

    /// <summary>Its reservation was dropped while its task was being stored, and the room went to another.</summary>
    [Fact]
    public async Task AnAssignedTaskWithoutRoom_IsStopped_AndNoNodeIsOverfull()
    {
        await _scheduler.JoinAsync(cpus: 1);
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", SchedulerHarness.Web(replicas: 1, cpus: 1)));
        var task = Assert.Single((await _scheduler.InstructionAsync()).Tasks);
        var nodes = _scheduler.Store<INodeStore>();
        await nodes.ReleaseAsync([(SchedulerHarness.Node, task.TaskId)], CancellationToken.None);
        var node = (await nodes.FindAsync(SchedulerHarness.Node, CancellationToken.None))!;
        var taken = new Dictionary<string, Reservation> { ["other"] = new() { Cpus = 1, MemoryBytes = 0, ReservedAt = _scheduler.Time.GetUtcNow().AddYears(1) } };
        Assert.True(await nodes.TryReserveAsync(node.Id, node.Version, taken, [], CancellationToken.None));
        var stop = await AdvanceUntilAsync(
            () => _scheduler.InstructionsNotTaken().SelectMany(message => message.Tasks).FirstOrDefault(told => told.Desired == DesiredState.Stop), TimeSpan.FromSeconds(60));
        Assert.Equal(task.TaskId, stop.TaskId);
        Assert.Equal(["other"], (await nodes.FindAsync(node.Id, CancellationToken.None))!.Reservations.Keys);
    }

    [Fact]
    public async Task ARemovedApplication_IsStopped_AndForgotten()
    {
        await _scheduler.JoinAsync();
        var tasks = await _scheduler.RunAsync("c1", SchedulerHarness.Web(replicas: 2));
        await _scheduler.AskAsync(new RemoveApp { CommandId = "c2", App = "shop" });
        var stop = await _scheduler.InstructionAsync(message => message.Tasks.All(task => task.Desired == DesiredState.Stop));
        Assert.Equal(tasks.Select(task => task.TaskId).Order(), stop.Tasks.Select(task => task.TaskId).Order());
        await _scheduler.ReportAsync(TaskState.Stopped, [.. stop.Tasks]);
        await _scheduler.EventAsync<AppRemoved>(removed => removed.App == "shop");
        Assert.Empty(await _scheduler.Store<IServiceStore>().ListAsync(null, CancellationToken.None));
        Assert.Empty(await _scheduler.Store<ITaskStore>().ListAsync(null, null, CancellationToken.None));
        Assert.Empty(await _scheduler.Store<IRevisionStore>().ListAsync(tasks[0].Spec!.ServiceId, CancellationToken.None));
        await ReservationsAsync(0);
    }

    [Fact]
    public async Task ADependentService_WaitsForTheFirstStart()
    {
        await _scheduler.JoinAsync();
        var web = SchedulerHarness.Web(replicas: 1) with { DependsOn = [new Dependency { Service = "db", Condition = DependencyCondition.ServiceHealthy }] };
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", web, SchedulerHarness.Web("db:1", 1, name: "db")));
        var db = Assert.Single((await _scheduler.InstructionAsync()).Tasks);
        Assert.Equal("db", db.Spec!.Service);
        await _scheduler.ReportAsync(TaskState.Starting, db);
        await _scheduler.EventAsync<TasksChanged>(changed => changed.Tasks.Any(change => change.State == TaskState.Starting));
        Assert.Empty(_scheduler.InstructionsNotTaken());
        await _scheduler.ReportAsync(TaskState.Running, db);
        Assert.Equal("web", (await _scheduler.InstructionAsync()).Tasks.Single().Spec!.Service);
    }

    [Fact]
    public async Task AMessageThatNeverCame_IsMadeUpForByTheSweep()
    {
        await _scheduler.JoinAsync();
        var now = _scheduler.Time.GetUtcNow();
        await _scheduler.Store<IRevisionStore>().AddManyAsync(
            [new RevisionDocument { ServiceId = "silent", Number = 1, App = "shop", Spec = SchedulerHarness.Web(), TemplateHash = "h", CreatedAt = now }], CancellationToken.None);
        await _scheduler.Store<IAppStore>().TryInsertAsync(
            new AppDocument { Id = "shop", Wanted = new Dictionary<string, WantedService> { ["web"] = new() { ServiceId = "silent", Revision = 1, Replicas = 1 } }, CreatedAt = now, UpdatedAt = now }, CancellationToken.None);
        await _scheduler.Store<IServiceStore>().TryInsertAsync(
            new ServiceDocument { Id = "silent", App = "shop", Name = "web", Revision = 1, Replicas = 1, DependenciesMet = true, DirtySince = now, CreatedAt = now, UpdatedAt = now }, CancellationToken.None);
        var task = await AdvanceUntilAsync(() => _scheduler.InstructionsNotTaken().SelectMany(message => message.Tasks).FirstOrDefault(), TimeSpan.FromSeconds(5));
        Assert.Equal("silent", task.Spec!.ServiceId);
    }

    [Fact]
    public async Task ASilentNode_IsInstructedAgain_WithTheSameVersion()
    {
        await _scheduler.JoinAsync();
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", SchedulerHarness.Web(replicas: 1)));
        var first = (await _scheduler.InstructionAsync()).Tasks.Single();
        var again = await AdvanceUntilAsync(() => _scheduler.InstructionsNotTaken().SelectMany(message => message.Tasks).FirstOrDefault(), TimeSpan.FromSeconds(20));
        Assert.Equal((first.TaskId, first.Version), (again.TaskId, again.Version));

        await _scheduler.ReportAsync(TaskState.Starting, again);
        await SchedulerHarness.UntilAsync(() => _scheduler.Store<ITaskStore>().FindAsync(first.TaskId, CancellationToken.None), task => task is { InstructDueAt: null });
    }

    [Fact]
    public async Task AService_ThatNobodyKnows_IsNoFault()
    {
        await _scheduler.Bus.Publish(new ServiceChanged { ServiceId = "nobody" });
        await _scheduler.JoinAsync();
        await _scheduler.RunAsync("c1", SchedulerHarness.Web(replicas: 1));
    }

    /// <summary>So many instructed tasks of a kind; those of the other kind wait to be asked for.</summary>
    private async Task<IReadOnlyList<NodeTask>> NextAsync(DesiredState desired, int count)
    {
        while (_told.Count(task => task.Desired == desired) < count)
        {
            _told.AddRange((await _scheduler.InstructionAsync()).Tasks);
        }

        var next = _told.Where(task => task.Desired == desired).Take(count).ToList();
        next.ForEach(task => _told.Remove(task));
        return next;
    }

    /// <summary>A service waits for a full node, then its room comes free and nobody is told.</summary>
    /// <returns>The service.</returns>
    private async Task<ServiceDocument> ReleasedInSilenceAsync()
    {
        await _scheduler.JoinAsync(cpus: 1);
        var nodes = _scheduler.Store<INodeStore>();
        var node = (await nodes.FindAsync(SchedulerHarness.Node, CancellationToken.None))!;
        await nodes.TryReserveAsync(node.Id, node.Version, new Dictionary<string, Reservation> { ["other"] = new() { Cpus = 1, MemoryBytes = 0, ReservedAt = _scheduler.Time.GetUtcNow() } }, [], CancellationToken.None);
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", SchedulerHarness.Web(replicas: 1, cpus: 1)));
        await _scheduler.EventAsync<TaskUnschedulable>();
        var waiting = await SchedulerHarness.UntilAsync(() => _scheduler.Store<IServiceStore>().ListUnschedulableAsync(CancellationToken.None), list => list.Count == 1);
        await nodes.ReleaseAsync([(node.Id, "other")], CancellationToken.None);
        return waiting[0];
    }

    private Task<NodeDocument?> ReservationsAsync(int count) =>
        SchedulerHarness.UntilAsync(() => _scheduler.Store<INodeStore>().FindAsync(SchedulerHarness.Node, CancellationToken.None), node => node!.Reservations.Count == count);

    /// <summary>Moves the clock in small steps until something is there.</summary>
    private async Task<T> AdvanceUntilAsync<T>(Func<T?> look, TimeSpan most)
        where T : class
    {
        var step = TimeSpan.FromMilliseconds(250);
        for (var moved = TimeSpan.Zero; moved < most; moved += step)
        {
            _scheduler.Time.Advance(step);
            for (var i = 0; i < 5; i++)
            {
                if (look() is { } found)
                {
                    return found;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }
        }

        return await SchedulerHarness.UntilAsync(() => Task.FromResult(look()), found => found is not null) ?? throw new InvalidOperationException();
    }
}
