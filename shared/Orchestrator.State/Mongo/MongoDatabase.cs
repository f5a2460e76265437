using System.Diagnostics;
using System.Runtime.CompilerServices;
using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

/// <summary>One database on a MongoDB server. No transactions: each write is one document, and names the version it read.</summary>
internal sealed class MongoDatabase : IDisposable
{
    private readonly MongoClient _client;

    public MongoDatabase(MongoAddress address, StoreWatch watch)
    {
        MongoMapping.Register();
        Address = address;
        var settings = address.Settings.Clone();
        settings.ClusterConfigurator = watch.Follow;
        _client = new MongoClient(settings);
        Database = _client.GetDatabase(address.Database);
    }

    public MongoAddress Address { get; }

    public IMongoDatabase Database { get; }

    public IMongoCollection<T> Collection<T>(string name) => Database.GetCollection<T>(name);

    /// <summary>One call to a store, measured under the caller's name.</summary>
    /// <exception cref="StoreUnavailableException">The server cannot be reached, or has no primary now.</exception>
    public static async Task<T> RunAsync<T>(Func<Task<T>> work, [CallerMemberName] string method = "", [CallerFilePath] string file = "")
    {
        var start = Stopwatch.GetTimestamp();
        Exception? failure = null;
        try
        {
            return await work();
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
    public static Task RunAsync(Func<Task> work, [CallerMemberName] string method = "", [CallerFilePath] string file = "") =>
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
