using Microsoft.Extensions.DependencyInjection;
using Orchestrator.State.Mongo;
using Orchestrator.State.Sqlite;

namespace Orchestrator.State;

public static class StateServiceCollectionExtensions
{
    /// <summary>All stores in one SQLite file, made if it is not there. One process at a time.</summary>
    /// <exception cref="IOException">Thrown when a store is first asked for: another process has the file open.</exception>
    /// <exception cref="InvalidOperationException">Likewise: the file was written by a newer version.</exception>
    public static IServiceCollection AddSqliteState(this IServiceCollection services, string path)
    {
        services.AddSingleton<StoreWatch>();
        services.AddSingleton(provider => new SqliteDatabase(path, provider.GetRequiredService<StoreWatch>()));
        services.AddSingleton<IStorePreparation, SqlitePreparation>();
        services.AddSingleton<IAppStore, SqliteAppStore>();
        services.AddSingleton<IServiceStore, SqliteServiceStore>();
        services.AddSingleton<IRevisionStore, SqliteRevisionStore>();
        services.AddSingleton<ITaskStore, SqliteTaskStore>();
        services.AddSingleton<IRolloutStore, SqliteRolloutStore>();
        services.AddSingleton<INodeStore, SqliteNodeStore>();
        services.AddSingleton<INodeLivenessStore, SqliteNodeLivenessStore>();
        services.AddSingleton<ILeaseStore, SqliteLeaseStore>();
        services.AddSingleton<IHealthHistoryStore, SqliteHealthHistoryStore>();
        services.AddSingleton<ICommandStore, SqliteCommandStore>();
        services.AddSingleton<ICommandResultStore, SqliteCommandResultStore>();
        services.AddSingleton<IHistoryStore, SqliteHistoryStore>();
        services.AddSingleton<IWaitingStore, SqliteWaitingStore>();
        services.AddSingleton<ITokenStore, SqliteTokenStore>();
        services.AddSingleton<IJoinTokenStore, SqliteJoinTokenStore>();
        services.AddSingleton<IBackupStore, SqliteBackupStore>();
        return services;
    }

    /// <summary>All stores in one MongoDB database, shared by all services of a cluster. The process waits for it at its start.</summary>
    /// <param name="services">Where the stores are added.</param>
    /// <param name="uri">
    /// <c>mongodb://user:password@host:port/database?replicaSet=name</c>. A server that was started as a replica set's member and never initiated is
    /// initiated under the name and host given here.
    /// </param>
    /// <exception cref="FormatException">The text is no address of a MongoDB database.</exception>
    public static IServiceCollection AddMongoState(this IServiceCollection services, string uri)
    {
        var address = MongoAddress.Parse(uri);
        services.AddSingleton<StoreWatch>();
        services.AddSingleton(provider => new MongoDatabase(address, provider.GetRequiredService<StoreWatch>()));
        services.AddSingleton<IStorePreparation, MongoPreparation>();
        services.AddHostedService<StoreStart>();
        services.AddSingleton<IAppStore, MongoAppStore>();
        services.AddSingleton<IServiceStore, MongoServiceStore>();
        services.AddSingleton<IRevisionStore, MongoRevisionStore>();
        services.AddSingleton<ITaskStore, MongoTaskStore>();
        services.AddSingleton<IRolloutStore, MongoRolloutStore>();
        services.AddSingleton<INodeStore, MongoNodeStore>();
        services.AddSingleton<INodeLivenessStore, MongoNodeLivenessStore>();
        services.AddSingleton<ILeaseStore, MongoLeaseStore>();
        services.AddSingleton<IHealthHistoryStore, MongoHealthHistoryStore>();
        services.AddSingleton<ICommandStore, MongoCommandStore>();
        services.AddSingleton<ICommandResultStore, MongoCommandResultStore>();
        services.AddSingleton<IHistoryStore, MongoHistoryStore>();
        services.AddSingleton<IWaitingStore, MongoWaitingStore>();
        services.AddSingleton<ITokenStore, MongoTokenStore>();
        services.AddSingleton<IJoinTokenStore, MongoJoinTokenStore>();
        services.AddSingleton<IBackupStore, MongoBackupStore>();
        return services;
    }
}
