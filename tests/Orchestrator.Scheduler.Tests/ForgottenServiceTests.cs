using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

/// <summary>One scheduler looks at a new service and is slow to store its tasks, while another forgets it, since a later deploy has taken it out.</summary>
public sealed class ForgottenServiceTests : SchedulerScenes
{
    private WatchedTasks _watched = null!;

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task TasksOfAServiceThatIsGone_AreStopped_AndNothingOfThemStays(double cpus)
    {
        Scheduler.Replace = services => WatchedTasks.Watch(services, watched => _watched = watched);
        await Scheduler.InitializeAsync();
        await Scheduler.JoinAsync(cpus: 8);
        _watched.BeforeInsert = async tasks =>
        {
            _watched.BeforeInsert = _ => Task.CompletedTask;
            var services = Scheduler.Store<IServiceStore>();
            var forgotten = (await services.FindAsync(tasks[0].ServiceId, CancellationToken.None))!;
            await Scheduler.Store<IRevisionStore>().DeleteAllAsync(forgotten.Id, CancellationToken.None);
            Assert.True(await services.TryDeleteAsync(forgotten.Id, forgotten.Version, CancellationToken.None));
        };
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", SchedulerHarness.Web(replicas: 3, cpus: cpus)));
        await ServedUntilAsync(tasks => _watched.Most.GetValueOrDefault("web") == 3 && tasks.Count == 0);
        await SchedulerHarness.UntilAsync(() => ReservedAsync(SchedulerHarness.Node), reserved => reserved == 0);
    }
}
