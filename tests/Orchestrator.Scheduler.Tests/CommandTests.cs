using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

public sealed class CommandTests(SchedulerHarness scheduler) : IClassFixture<SchedulerHarness>, IAsyncLifetime
{
    private static int _apps;
    private readonly string _app = $"app-{Interlocked.Increment(ref _apps)}";

    private DateTimeOffset Now => scheduler.Time.GetUtcNow();

    public async ValueTask InitializeAsync() => await scheduler.JoinAsync(cpus: 1000, memory: 1L << 40);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task ADeploy_IsAccepted_WithItsRevisions()
    {
        var accepted = Assert.IsType<CommandAccepted>(await scheduler.AskAsync(Deploy("happy", SchedulerHarness.Web())));
        Assert.Equal(("deploy-app", _app, true, 1), (accepted.Command, accepted.App, accepted.Changed, accepted.Revisions["web"]));
        var started = await scheduler.EventAsync<RolloutStarted>(started => started.App == _app);
        Assert.Equal((null, 1), (started.FromRevision, started.ToRevision));
    }

    [Fact]
    public async Task TheSameCommandTwice_GetsTheSameAnswer_AndChangesNothing()
    {
        var first = await scheduler.AskAsync(Deploy("twice", SchedulerHarness.Web()));
        var app = await scheduler.Store<IAppStore>().FindAsync(_app, CancellationToken.None);
        var second = await scheduler.AskAsync(Deploy("twice", SchedulerHarness.Web("web:2")));
        Assert.Equivalent(first, second, strict: true);
        Assert.Equal(first.EventId, second.EventId);
        Assert.Equal(1, (await scheduler.Store<IAppStore>().FindAsync(_app, CancellationToken.None))!.Wanted["web"].Revision);
        Assert.Equal(app!.LastOrder, (await scheduler.Store<IAppStore>().FindAsync(_app, CancellationToken.None))!.LastOrder);
    }

    [Fact]
    public async Task ADuplicate_IsAnsweredAlike_HoweverSoonItComes()
    {
        for (var round = 0; round < 40; round++)
        {
            var command = Deploy($"soon-{round}", SchedulerHarness.Web($"web:{round}"));
            var answers = await Task.WhenAll(scheduler.AskAsync(command), scheduler.AskAsync(command));
            var again = await scheduler.AskAsync(command);
            Assert.All(answers, answer => Assert.Equal(again.EventId, answer.EventId));
        }
    }

    [Fact]
    public async Task AnOlderCommand_IsSuperseded()
    {
        await scheduler.AskAsync(Deploy("newer", SchedulerHarness.Web("web:2")) with { Order = 5 });
        var older = await scheduler.AskAsync(Deploy("older", SchedulerHarness.Web("web:1")) with { Order = 3 });
        Assert.IsType<CommandSuperseded>(older);
        var equal = await scheduler.AskAsync(Deploy("equal", SchedulerHarness.Web("web:3")) with { Order = 5 });
        Assert.IsType<CommandSuperseded>(equal);
        var app = (await scheduler.Store<IAppStore>().FindAsync(_app, CancellationToken.None))!;
        Assert.Equal((5, 1), (app.LastOrder, app.Wanted["web"].Revision));
    }

    [Fact]
    public async Task ScalesOfTwoServices_AreBothTaken_InAnyOrder()
    {
        await scheduler.AskAsync(Deploy("both", SchedulerHarness.Web(), SchedulerHarness.Web() with { Name = "db" }) with { Order = 1 });
        Assert.IsType<CommandAccepted>(await scheduler.AskAsync(Scale("second", "db", 4) with { Order = 3 }));
        Assert.IsType<CommandAccepted>(await scheduler.AskAsync(Scale("first", "web", 3) with { Order = 2 }));
        Assert.IsType<CommandSuperseded>(await scheduler.AskAsync(Scale("older", "db", 9) with { Order = 2 }));
        var app = (await scheduler.Store<IAppStore>().FindAsync(_app, CancellationToken.None))!;
        Assert.Equal((3, 4), (app.Wanted["web"].Replicas, app.Wanted["db"].Replicas));
    }

    [Fact]
    public async Task AScaleThatOvertookADeploy_Stands()
    {
        await scheduler.AskAsync(Deploy("before", SchedulerHarness.Web()) with { Order = 1 });
        await scheduler.AskAsync(Scale("scale", "web", 5) with { Order = 3 });
        Assert.IsType<CommandAccepted>(await scheduler.AskAsync(Deploy("overtaken", SchedulerHarness.Web("web:2")) with { Order = 2 }));
        var web = (await scheduler.Store<IAppStore>().FindAsync(_app, CancellationToken.None))!.Wanted["web"];
        Assert.Equal((5, 2), (web.Replicas, web.Revision));
    }

    [Fact]
    public async Task ADeployThatARollbackOvertook_IsSuperseded()
    {
        await scheduler.AskAsync(Deploy("one", SchedulerHarness.Web()) with { Order = 1 });
        await scheduler.AskAsync(Deploy("two", SchedulerHarness.Web("web:2")) with { Order = 2 });
        Assert.IsType<CommandAccepted>(await scheduler.AskAsync(new RollbackService { CommandId = Id("back"), App = _app, Service = "web", ToRevision = 1, Order = 4 }));
        Assert.IsType<CommandSuperseded>(await scheduler.AskAsync(Deploy("three", SchedulerHarness.Web("web:3")) with { Order = 3 }));
    }

    [Fact]
    public async Task AfterARemoval_AnOlderDeploy_DoesNotBringTheApplicationBack()
    {
        await scheduler.AskAsync(Deploy("first", SchedulerHarness.Web()) with { Order = 1 });
        await scheduler.AskAsync(new RemoveApp { CommandId = Id("remove"), App = _app, Order = 3 });
        Assert.IsType<CommandSuperseded>(await scheduler.AskAsync(Deploy("late", SchedulerHarness.Web()) with { Order = 2 }));
    }

    /// <summary>As a scheduler does that was slow to follow its command.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AServiceThatIsStoredAfterALaterCommandTookItOut_Goes(bool withRevision)
    {
        await scheduler.AskAsync(Deploy("stays", SchedulerHarness.Web()));
        var late = new ServiceDocument { Id = Id("late"), App = _app, Name = "late", Revision = 1, Replicas = 2, DependenciesMet = true, DirtySince = Now, CreatedAt = Now, UpdatedAt = Now };
        if (withRevision)
        {
            var web = (await scheduler.Store<IServiceStore>().ListAsync(_app, CancellationToken.None)).Single();
            var revision = (await scheduler.Store<IRevisionStore>().FindManyAsync([(web.Id, 1)], CancellationToken.None)).Single();
            await scheduler.Store<IRevisionStore>().AddManyAsync([revision with { ServiceId = late.Id }], CancellationToken.None);
        }

        Assert.True(await scheduler.Store<IServiceStore>().TryInsertAsync(late, CancellationToken.None));
        await scheduler.Bus.Publish(new ServiceChanged { ServiceId = late.Id });
        await SchedulerHarness.UntilAsync(
            () => scheduler.Store<IServiceStore>().ListAsync(_app, CancellationToken.None), list => list.Select(service => service.Name).SequenceEqual(["web"]));
        Assert.DoesNotContain(await scheduler.Store<ITaskStore>().ListAsync(_app, null, CancellationToken.None), task => task.ServiceId == late.Id);
    }

    [Fact]
    public async Task WhatIsNotThere_IsRejected_WithTheReason()
    {
        var scale = Assert.IsType<CommandRejected>(await scheduler.AskAsync(new ScaleService { CommandId = Id("scale"), App = _app, Service = "web", Replicas = 2 }));
        Assert.Equal([$"{_app}/web: there is no such service; deploy it first"], scale.Errors);
        var remove = Assert.IsType<CommandRejected>(await scheduler.AskAsync(new RemoveApp { CommandId = Id("remove"), App = _app }));
        Assert.Equal([$"{_app}: there is no such application"], remove.Errors);
    }

    [Fact]
    public async Task AllFaults_AreToldAtOnce()
    {
        var rejected = Assert.IsType<CommandRejected>(await scheduler.AskAsync(Deploy("faults", SchedulerHarness.Web("", -1), SchedulerHarness.Web(name: "Bad Name"))));
        Assert.Equal(3, rejected.Errors.Count);
        Assert.IsType<CommandRejected>(await scheduler.AskAsync(new DeployApp { CommandId = Id("nospec"), App = _app }));
        Assert.IsType<CommandRejected>(await scheduler.AskAsync(new DeployApp { CommandId = Id("noapp"), Spec = new ApplicationSpec { Services = [SchedulerHarness.Web()] } }));
        Assert.IsType<CommandRejected>(await scheduler.AskAsync(new DeployApp { CommandId = Id("null"), App = _app, Spec = new ApplicationSpec { Services = [null!] } }));
        Assert.Null(await scheduler.Store<IAppStore>().FindAsync(_app, CancellationToken.None));
    }

    [Fact]
    public async Task APublishedPort_BelongsToOneApplication()
    {
        ServiceSpec Publishing() => SchedulerHarness.Web() with { Ports = [new PortSpec { Target = 80, Published = 18_080 }] };
        await scheduler.AskAsync(Deploy("port", Publishing()));
        var rejected = Assert.IsType<CommandRejected>(await scheduler.AskAsync(new DeployApp { CommandId = Id("taken"), App = _app + "-other", Spec = new ApplicationSpec { Services = [Publishing()] } }));
        Assert.Contains($"18080", Assert.Single(rejected.Errors), StringComparison.Ordinal);
        Assert.Contains(_app, rejected.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSameSpecAgain_IsAccepted_AndChangesNothing()
    {
        await scheduler.AskAsync(Deploy("one", SchedulerHarness.Web()));
        var again = Assert.IsType<CommandAccepted>(await scheduler.AskAsync(Deploy("two", SchedulerHarness.Web())));
        Assert.Equal((false, 1), (again.Changed, again.Revisions["web"]));
    }

    [Fact]
    public async Task ManyCommandsAtOnce_AreAllAnswered_AndTheNewestOrderStays()
    {
        var answers = await Task.WhenAll(Enumerable.Range(1, 30).Select(i => scheduler.AskAsync(Deploy($"many{i}", SchedulerHarness.Web($"web:{i}")) with { Order = i })));
        Assert.All(answers, answer => Assert.True(answer is CommandAccepted or CommandSuperseded));
        var app = (await scheduler.Store<IAppStore>().FindAsync(_app, CancellationToken.None))!;
        Assert.Equal(30, app.LastOrder);
        var revision = (await scheduler.Store<IRevisionStore>().FindManyAsync([(app.Wanted["web"].ServiceId, app.Wanted["web"].Revision)], CancellationToken.None))[0];
        Assert.Equal("web:30", revision.Spec.Container.Image);
    }

    private string Id(string name) => $"{_app}-{name}";

    private DeployApp Deploy(string id, params ServiceSpec[] services) => SchedulerHarness.Deploy(Id(id), services) with { App = _app };

    private ScaleService Scale(string id, string service, int replicas) => new() { CommandId = Id(id), App = _app, Service = service, Replicas = replicas };
}
