namespace Orchestrator.State;

/// <summary>The whole state at once, for copies of it.</summary>
public interface IBackupStore
{
    /// <summary>Which kind of store it is: a copy fits no other.</summary>
    string Kind { get; }

    /// <summary>Everything as it was at one moment: the name of a table or collection, and one row as JSON.</summary>
    IAsyncEnumerable<(string Name, string Row)> ReadAllAsync(CancellationToken cancellation);

    /// <summary>Nothing is stored that a restore would overwrite.</summary>
    Task<bool> IsEmptyAsync(CancellationToken cancellation);

    /// <summary>Replaces everything. Whatever runs on the store has to be started again afterwards.</summary>
    Task WriteAllAsync(IAsyncEnumerable<(string Name, string Row)> rows, CancellationToken cancellation);
}
