namespace Orchestrator.State;

/// <summary>Written by the scheduler alone.</summary>
public interface IRevisionStore
{
    /// <summary>Stores those whose (service id, number) is not there yet.</summary>
    Task AddManyAsync(IReadOnlyList<RevisionDocument> revisions, CancellationToken cancellation);

    /// <summary>The revisions asked for by (service id, number); missing ones are left out.</summary>
    Task<IReadOnlyList<RevisionDocument>> FindManyAsync(IReadOnlyList<(string ServiceId, int Number)> keys, CancellationToken cancellation);

    /// <summary>Oldest first.</summary>
    Task<IReadOnlyList<RevisionDocument>> ListAsync(string serviceId, CancellationToken cancellation);

    Task DeleteManyAsync(string serviceId, IReadOnlyList<int> numbers, CancellationToken cancellation);

    Task DeleteAllAsync(string serviceId, CancellationToken cancellation);
}
