using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

/// <summary>One scheduler commits a command and is slow to follow it, while another takes and follows a newer one.</summary>
public sealed class SlowFollowerTests : IAsyncLifetime
{
    private readonly SchedulerHarness _scheduler = new();
    private SlowApps _apps = null!;

    public async ValueTask InitializeAsync()
    {
        _scheduler.Replace = services => services.AddSingleton<IAppStore>(provider => _apps = new SlowApps(Stored(services, provider)));
        await _scheduler.InitializeAsync();
        await _scheduler.JoinAsync(cpus: 1000, memory: 1L << 40);
    }

    public ValueTask DisposeAsync() => _scheduler.DisposeAsync();

    [Fact]
    public async Task AnOlderScale_ChangesNothing_ThoughTheNewerOneHadNothingToChange()
    {
        await _scheduler.AskAsync(SchedulerHarness.Deploy("deploy", SchedulerHarness.Web(replicas: 5)));
        await OvertakenAsync(Scale("older", 7), Scale("newer", 5));
        Assert.Equal(5, (await ServiceAsync()).Replicas);
    }

    [Fact]
    public async Task AnOlderDeploy_BringsNoRevisionBack_AndEndsNoNewerRollout()
    {
        await _scheduler.AskAsync(SchedulerHarness.Deploy("first", SchedulerHarness.Web("web:1")));
        await OvertakenAsync(SchedulerHarness.Deploy("older", SchedulerHarness.Web("web:2")), SchedulerHarness.Deploy("newer", SchedulerHarness.Web("web:3")));
        var service = await ServiceAsync();
        Assert.Equal(3, service.Revision);
        var rollouts = await _scheduler.Store<IRolloutStore>().ListAsync(service.Id, CancellationToken.None);
        Assert.Contains(rollouts, rollout => rollout is { ToRevision: 3, State: not RolloutState.Superseded });
    }

    private async Task OvertakenAsync(object older, object newer)
    {
        await Until.IsAsync(() => _apps.FindAsync("shop", CancellationToken.None), app => app is { DirtySince: null }, "all before is followed");
        _apps.HoldNextFollower();
        await _scheduler.Bus.Publish(older, older.GetType());
        await _apps.Held.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(newer));
        _apps.LetGo();
        await _apps.ReadAgain.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private async Task<ServiceDocument> ServiceAsync() => (await _scheduler.Store<IServiceStore>().ListAsync("shop", CancellationToken.None)).Single();

    private static ScaleService Scale(string id, int replicas) => new() { CommandId = id, App = "shop", Service = "web", Replicas = replicas };

    private static IAppStore Stored(IServiceCollection services, IServiceProvider provider)
    {
        var inner = services.First(service => service.ServiceType == typeof(IAppStore));
        return (IAppStore)(inner.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!));
    }

    /// <summary>Gives whoever reads a committed application what it read, but late.</summary>
    private sealed class SlowApps(IAppStore stored) : IAppStore
    {
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goes = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _readAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _holds;
        private int _lost;

        public Task Held => _held.Task;

        /// <summary>The late one has found that the application is another now, and has read it once more.</summary>
        public Task ReadAgain => _readAgain.Task;

        public void HoldNextFollower() => _holds = 1;

        public void LetGo() => _goes.TrySetResult();

        public async Task<AppDocument?> FindAsync(string app, CancellationToken cancellation)
        {
            var found = await stored.FindAsync(app, cancellation);
            if (found?.DirtySince is not null && Interlocked.Exchange(ref _holds, 0) == 1)
            {
                _held.TrySetResult();
                await _goes.Task.WaitAsync(cancellation);
            }
            else if (Interlocked.Exchange(ref _lost, 0) == 1)
            {
                _readAgain.TrySetResult();
            }

            return found;
        }

        public async Task<bool> TryReplaceAsync(AppDocument document, CancellationToken cancellation)
        {
            var replaced = await stored.TryReplaceAsync(document, cancellation);
            _lost = replaced ? _lost : 1;
            return replaced;
        }

        public Task<IReadOnlyList<AppDocument>> FindManyAsync(IReadOnlyList<string> apps, CancellationToken cancellation) => stored.FindManyAsync(apps, cancellation);

        public Task<IReadOnlyList<AppDocument>> ListAsync(CancellationToken cancellation) => stored.ListAsync(cancellation);

        public Task<IReadOnlyList<AppDocument>> ListDirtyAsync(DateTimeOffset until, int limit, CancellationToken cancellation) => stored.ListDirtyAsync(until, limit, cancellation);

        public Task<bool> TryInsertAsync(AppDocument document, CancellationToken cancellation) => stored.TryInsertAsync(document, cancellation);
    }
}
