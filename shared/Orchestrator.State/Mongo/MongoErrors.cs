using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

/// <summary>What the driver's exceptions mean to us.</summary>
internal static class MongoErrors
{
    public const int DuplicateKey = 11000;
    public const int ImmutableField = 66;

    private const int OutOfDiskSpace = 14031;

    /// <summary>The kernel's own words, which servers pass on under codes of theirs.</summary>
    private const string NoSpace = "No space left on device";

    /// <summary>The server's codes for: on its way down or up, no primary, or too slow to answer.</summary>
    private static readonly HashSet<int> Unavailable =
    [
        6, // HostUnreachable
        7, // HostNotFound
        50, // MaxTimeMSExpired
        64, // WriteConcernFailed: the majority took too long
        89, // NetworkTimeout
        91, // ShutdownInProgress
        94, // NotYetInitialized
        100, // UnsatisfiableWriteConcern: not enough members now
        133, // FailedToSatisfyReadPreference
        189, // PrimarySteppedDown
        262, // ExceededTimeLimit
        9001, // SocketException
        10107, // NotWritablePrimary
        11600, // InterruptedAtShutdown
        11602, // InterruptedDueToReplStateChange
        13435, // NotPrimaryNoSecondaryOk
        13436, // NotPrimaryOrSecondary
    ];

    public static bool IsFull(Exception exception) => exception switch
    {
        MongoCommandException command => IsFull(command.Code, command.ErrorMessage),
        MongoWriteException { WriteError: { } error } => IsFull(error.Code, error.Message),
        MongoBulkWriteException bulk => bulk.WriteErrors.Any(error => IsFull(error.Code, error.Message)),
        _ => false,
    };

    public static bool IsUnavailable(Exception exception) => exception switch
    {
        TimeoutException => true,
        MongoConnectionException or MongoConnectionPoolPausedException or MongoWaitQueueFullException => true,
        MongoNotPrimaryException or MongoNodeIsRecoveringException or MongoExecutionTimeoutException or MongoCursorNotFoundException => true,
        MongoWriteConcernException => true,
        MongoCommandException command => Unavailable.Contains(command.Code),
        MongoWriteException write => write.WriteConcernError is not null || (write.WriteError is { } error && Unavailable.Contains(error.Code)),
        MongoBulkWriteException bulk => bulk.WriteConcernError is not null || bulk.WriteErrors.Any(error => Unavailable.Contains(error.Code)),
        MongoException other => other.HasErrorLabel("RetryableWriteError") || other.HasErrorLabel("TransientTransactionError"),
        _ => false,
    };

    private static bool IsFull(int code, string? text) => code == OutOfDiskSpace || text?.Contains(NoSpace, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The write took place but for the items named, and those were refused for this reason only.</summary>
    public static bool Refused(this MongoBulkWriteException exception, int code) =>
        exception.WriteConcernError is null && exception.WriteErrors.All(error => error.Code == code);

    /// <summary>Server selection tells the whole state of its cluster; the first sentence is enough for a log.</summary>
    public static string FirstLine(Exception exception)
    {
        var line = exception.Message.Split('\n')[0];
        var client = line.IndexOf(" Client view of cluster state", StringComparison.Ordinal);
        return client > 0 ? line[..client] : line;
    }
}
