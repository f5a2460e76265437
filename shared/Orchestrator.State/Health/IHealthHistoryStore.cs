namespace Orchestrator.State;

/// <summary>Written by the health monitor alone.</summary>
public interface IHealthHistoryStore
{
    Task AddManyAsync(IReadOnlyList<HealthTransition> transitions, CancellationToken cancellation);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<HealthTransition>> ListAsync(string taskId, int limit, CancellationToken cancellation);

    Task DeleteBeforeAsync(DateTimeOffset time, CancellationToken cancellation);
}
