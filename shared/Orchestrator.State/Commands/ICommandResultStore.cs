namespace Orchestrator.State;

/// <summary>The scheduler's answers by command id: what a duplicate gets. Written by the scheduler alone.</summary>
public interface ICommandResultStore
{
    Task<CommandAnswer?> FindAsync(string commandId, CancellationToken cancellation);

    /// <summary>Keeps the first answer of each command.</summary>
    Task AddManyAsync(IReadOnlyList<CommandAnswer> answers, CancellationToken cancellation);
}
