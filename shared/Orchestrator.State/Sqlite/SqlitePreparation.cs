namespace Orchestrator.State.Sqlite;

/// <summary>Nothing to do: the file is made ready when it is opened.</summary>
internal sealed class SqlitePreparation : IStorePreparation
{
    public Task PrepareAsync(CancellationToken cancellation) => Task.CompletedTask;
}
