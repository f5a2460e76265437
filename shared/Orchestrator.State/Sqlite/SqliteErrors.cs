using Microsoft.Data.Sqlite;

namespace Orchestrator.State.Sqlite;

/// <summary>What the engine's exceptions mean to us.</summary>
internal static class SqliteErrors
{
    private const int Full = 13;

    /// <summary>The index of its log cannot grow.</summary>
    private const int LogIndexSize = 4874;

    public static bool IsFull(SqliteException exception) => exception.SqliteErrorCode == Full || exception.SqliteExtendedErrorCode == LogIndexSize;
}
