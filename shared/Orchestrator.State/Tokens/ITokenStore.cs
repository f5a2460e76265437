namespace Orchestrator.State;

/// <summary>Written by the API alone.</summary>
public interface ITokenStore
{
    Task<TokenDocument?> FindAsync(string hash, CancellationToken cancellation);

    /// <summary>False when it is there already.</summary>
    Task<bool> TryInsertAsync(TokenDocument document, CancellationToken cancellation);
}
