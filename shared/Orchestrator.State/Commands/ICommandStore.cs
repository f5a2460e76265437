namespace Orchestrator.State;

/// <summary>Written by the API alone.</summary>
public interface ICommandStore
{
    /// <summary>
    /// Stores the command with the next order of its application: the greater of <see cref="CommandDocument.CreatedAt"/> in
    /// microseconds since 1970 and the last order plus one. Returns what is stored: the earlier command when the id is there already.
    /// </summary>
    Task<CommandDocument> AddAsync(CommandDocument document, CancellationToken cancellation);

    Task<CommandDocument?> FindAsync(string commandId, CancellationToken cancellation);

    /// <summary>Keeps the first answer. Returns the command that it answers; null when that is unknown or answered already.</summary>
    Task<CommandDocument?> TryAnswerAsync(CommandAnswer answer, CancellationToken cancellation);

    /// <summary>Unanswered commands due at or before <paramref name="now"/>, by order.</summary>
    Task<IReadOnlyList<CommandDocument>> ListDueAsync(DateTimeOffset now, int limit, CancellationToken cancellation);

    Task PostponeAsync(IReadOnlyList<string> commandIds, DateTimeOffset publishDueAt, CancellationToken cancellation);
}
