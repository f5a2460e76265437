using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Orchestrator.State.Sqlite;

/// <summary>
/// One file. All writes go through one connection: what queues up while a commit runs goes into the next one together, each
/// in a savepoint of its own, and is answered after the commit. Reads use connections of a pool and see what was answered.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private const int MaxGroup = 512;

    private readonly BlockingCollection<Work> _queue = [];
    private readonly Stack<SqliteSession> _idleReaders = new();
    private readonly Lock _gate = new();
    private readonly FileStream _lock;
    private readonly SqliteSession _writer;
    private readonly Thread _thread;
    private readonly string _path;
    private readonly StoreWatch _watch;
    private bool _disposed;

    /// <exception cref="IOException">Another process has the file open.</exception>
    /// <exception cref="InvalidOperationException">The file was written by a newer version.</exception>
    public SqliteDatabase(string path, StoreWatch watch)
    {
        (_path, _watch) = (path, watch);
        _lock = LockFile(path);
        _writer = new SqliteSession(Open(path));
        SqliteSchema.Prepare(_writer, path);
        _thread = new Thread(WriteLoop) { IsBackground = true, Name = "sqlite-writer" };
        _thread.Start();
    }

    /// <summary>Commits so far: with many writers far fewer than writes.</summary>
    public long Commits { get; private set; }

    /// <summary>One call to a store, measured under the caller's name, like all here.</summary>
    /// <exception cref="StoreFullException">There is no room on the disk. Nothing of it was stored.</exception>
    public Task<T> WriteAsync<T>(
        Func<SqliteSession, T> work, CancellationToken cancellation, [CallerMemberName] string method = "", [CallerFilePath] string file = "")
    {
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_queue.IsAddingCompleted, this);
        var start = Stopwatch.GetTimestamp();
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add(new Work<T>(work, done, failure => StoreMetrics.Done(file, method, start, failure)), CancellationToken.None);
        return done.Task;
    }

    public Task WriteAsync(Action<SqliteSession> work, CancellationToken cancellation, [CallerMemberName] string method = "", [CallerFilePath] string file = "") =>
        WriteAsync(
            session =>
            {
                work(session);
                return true;
            },
            cancellation,
            method,
            file);

    public Task<T> ReadAsync<T>(
        Func<SqliteSession, T> work, CancellationToken cancellation, [CallerMemberName] string method = "", [CallerFilePath] string file = "")
    {
        cancellation.ThrowIfCancellationRequested();
        var start = Stopwatch.GetTimestamp();
        Exception? failure = null;
        var session = Rent();
        try
        {
            return Task.FromResult(work(session));
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            Return(session);
            StoreMetrics.Done(file, method, start, failure);
        }
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _queue.CompleteAdding();
        _thread.Join();
        _writer.Dispose();
        while (_idleReaders.TryPop(out var reader))
        {
            reader.Dispose();
        }

        _queue.Dispose();
        _lock.Dispose();
    }

    private static FileStream LockFile(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException($"{path} is in use by another process; stop that one, or use another state folder", exception);
        }
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var pragmas = connection.CreateCommand();

        // FULL: an answered write survives the loss of power too. Group commit shares the cost of the disk's flush. A long log, because pages
        // that are written again and again need to be copied into the file only once.
        pragmas.CommandText = "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=8000; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;";
        pragmas.ExecuteNonQuery();
        return connection;
    }

    private SqliteSession Rent()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_idleReaders.TryPop(out var idle))
            {
                return idle;
            }
        }

        return new SqliteSession(Open(_path));
    }

    private void Return(SqliteSession session)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _idleReaders.Push(session);
                return;
            }
        }

        session.Dispose();
    }

    private void WriteLoop()
    {
        var group = new List<Work>();
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            group.Clear();
            group.Add(first);
            while (group.Count < MaxGroup && _queue.TryTake(out var next))
            {
                group.Add(next);
            }

            Commit(group);
        }
    }

    private void Commit(List<Work> group)
    {
        try
        {
            _writer.Execute("BEGIN IMMEDIATE");
            foreach (var work in group)
            {
                _writer.Execute("SAVEPOINT work");
                if (!work.TryRun(_writer))
                {
                    _writer.Execute("ROLLBACK TO work");
                }

                _writer.Execute("RELEASE work");
            }

            _writer.Execute("COMMIT");
            Commits++;
            group.ForEach(work => work.Answer());
        }
        catch (SqliteException exception)
        {
            _writer.TryRollback();
            Exception failure = SqliteErrors.IsFull(exception)
                ? _watch.Full(new StoreFullException($"there is no room for the database {_path}: make room on its disk", exception))
                : exception;
            group.ForEach(work => work.Fail(failure));
        }
    }

    private abstract class Work
    {
        public abstract bool TryRun(SqliteSession session);

        public abstract void Answer();

        public abstract void Fail(Exception exception);
    }

    private sealed class Work<T>(Func<SqliteSession, T> run, TaskCompletionSource<T> done, Action<Exception?> measure) : Work
    {
        private T? _result;
        private Exception? _failure;

        public override bool TryRun(SqliteSession session)
        {
            try
            {
                _result = run(session);
                return true;
            }
            catch (SqliteException exception) when (SqliteErrors.IsFull(exception))
            {
                // It may have taken the whole transaction back, and what comes after it in the group finds no room either.
                throw;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                _failure = exception;
                return false;
            }
        }

        public override void Answer()
        {
            measure(_failure);
            if (_failure is null)
            {
                done.SetResult(_result!);
            }
            else
            {
                done.SetException(_failure);
            }
        }

        public override void Fail(Exception exception)
        {
            measure(_failure ?? exception);
            done.SetException(_failure ?? exception);
        }
    }
}
