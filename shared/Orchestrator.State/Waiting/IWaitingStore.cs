namespace Orchestrator.State;

/// <summary>What kinds of things wait at all. Asked twice a second by each scheduler, so it is one question for all kinds; mostly nothing does.</summary>
public interface IWaitingStore
{
    /// <param name="until">What is dirty since then or longer waits.</param>
    /// <param name="now">What is due by then waits: services to look at, instructions to send again, rollouts whose time has come.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<WaitingKinds> FindAsync(DateTimeOffset until, DateTimeOffset now, CancellationToken cancellation);
}
