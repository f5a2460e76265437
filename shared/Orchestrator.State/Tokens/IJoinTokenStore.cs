namespace Orchestrator.State;

/// <summary>Written by the API alone.</summary>
public interface IJoinTokenStore
{
    /// <summary>The id is new.</summary>
    Task AddAsync(JoinTokenDocument document, CancellationToken cancellation);

    Task<JoinTokenDocument?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Gives the token to the node, with a new expiry. False when it is unknown or another node has it; true again for the same node.</summary>
    Task<bool> TryUseAsync(string id, string nodeId, DateTimeOffset expiresAt, CancellationToken cancellation);

    Task<IReadOnlyList<JoinTokenDocument>> ListExpiredAsync(DateTimeOffset now, CancellationToken cancellation);

    Task RemoveAsync(string id, CancellationToken cancellation);
}
