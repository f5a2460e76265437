using Microsoft.Extensions.DependencyInjection;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

/// <summary>What a sweep asks for is given up by somebody else, as the broker's client does with what it waits for when a connection breaks.</summary>
public sealed class CancelledSweepTests : SchedulerScenes
{
    [Fact]
    public async Task TheSchedulerLives_AndSweepsAgain()
    {
        var store = new CancelledOnce();
        Scheduler.Replace = services => services.AddSingleton<IWaitingStore>(store);
        await Scheduler.InitializeAsync();
        await SchedulerHarness.UntilAsync(
            () =>
            {
                Scheduler.Time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(store.Asked);
            },
            asked => asked >= 2);
    }

    private sealed class CancelledOnce : IWaitingStore
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public Task<WaitingKinds> FindAsync(DateTimeOffset until, DateTimeOffset now, CancellationToken cancellation) =>
            Interlocked.Increment(ref _asked) == 1 ? throw new TaskCanceledException() : Task.FromResult(WaitingKinds.None);
    }
}
