using System.Diagnostics;
using System.Runtime.CompilerServices;
using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

/// <summary>One database on a MongoDB server. No transactions: each write is one document, and names the version it read.</summary>
internal sealed class MongoDatabase : IDisposable
{
    private readonly MongoClient _client;
    private readonly StoreWatch _watch;

    public MongoDatabase(MongoAddress address, StoreWatch watch)
    {
        MongoMapping.Register();
        (Address, _watch) = (address, watch);
        var settings = address.Settings.Clone();
        settings.ClusterConfigurator = cluster => cluster.Follow(watch);
        _client = new MongoClient(settings);
        Database = _client.GetDatabase(address.Database);
    }

    public MongoAddress Address { get; }

    public IMongoDatabase Database { get; }

    public IMongoCollection<T> Collection<T>(string name) => Database.GetCollection<T>(name);

    /// <summary>One call to a store, measured under the caller's name.</summary>
    /// <exception cref="StoreUnavailableException">The server cannot be reached, or has no primary now.</exception>
    /// <exception cref="StoreFullException">It has no room for what is to be written.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, [CallerMemberName] string method = "", [CallerFilePath] string file = "")
    {
        var start = Stopwatch.GetTimestamp();
        Exception? failure = null;
        try
        {
            return await work();
        }
        catch (Exception exception) when (MongoErrors.IsFull(exception))
        {
            failure = _watch.Full(new StoreFullException($"the database server has no room left ({MongoErrors.FirstLine(exception)}): make room on its disk", exception));
            throw failure;
        }
        catch (Exception exception) when (MongoErrors.IsUnavailable(exception))
        {
            failure = new StoreUnavailableException($"MongoDB is not available: {MongoErrors.FirstLine(exception)}", exception);
            throw failure;
        }
        catch (Exception exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            StoreMetrics.Done(file, method, start, failure);
        }
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<Task> work, [CallerMemberName] string method = "", [CallerFilePath] string file = "") =>
        RunAsync(
            async () =>
            {
                await work();
                return true;
            },
            method,
            file);

    public void Dispose() => _client.Dispose();
}
