namespace Orchestrator.State;

/// <summary>Written by the scheduler alone.</summary>
public interface IRevisionStore
{
    /// <summary>Stores those whose (service id, number) is not there yet; a revision that lost a race for its number is left alone until its number is wanted again.</summary>
    Task AddManyAsync(IReadOnlyList<RevisionDocument> revisions, CancellationToken cancellation);

    /// <summary>Replaces a revision that no application ever wanted: left by an accepting write that lost.</summary>
    Task PutAsync(RevisionDocument revision, CancellationToken cancellation);

    Task<RevisionDocument?> FindAsync(string serviceId, int number, CancellationToken cancellation);

    /// <summary>The revisions asked for by (service id, number); missing ones are left out.</summary>
    Task<IReadOnlyList<RevisionDocument>> FindManyAsync(IReadOnlyList<(string ServiceId, int Number)> keys, CancellationToken cancellation);

    /// <summary>Oldest first.</summary>
    Task<IReadOnlyList<RevisionDocument>> ListAsync(string serviceId, CancellationToken cancellation);

    Task DeleteAllAsync(string serviceId, CancellationToken cancellation);
}
