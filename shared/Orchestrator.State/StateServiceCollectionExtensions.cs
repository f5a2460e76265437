using Microsoft.Extensions.DependencyInjection;
using Orchestrator.State.Sqlite;

namespace Orchestrator.State;

public static class StateServiceCollectionExtensions
{
    /// <summary>All stores in one SQLite file, made if it is not there. One process at a time.</summary>
    /// <exception cref="IOException">Thrown when a store is first asked for: another process has the file open.</exception>
    /// <exception cref="InvalidOperationException">Likewise: the file was written by a newer version.</exception>
    public static IServiceCollection AddSqliteState(this IServiceCollection services, string path)
    {
        services.AddSingleton(_ => new SqliteDatabase(path));
        services.AddSingleton<IAppStore, SqliteAppStore>();
        services.AddSingleton<IServiceStore, SqliteServiceStore>();
        services.AddSingleton<IRevisionStore, SqliteRevisionStore>();
        services.AddSingleton<ITaskStore, SqliteTaskStore>();
        services.AddSingleton<IRolloutStore, SqliteRolloutStore>();
        services.AddSingleton<INodeStore, SqliteNodeStore>();
        services.AddSingleton<INodeLivenessStore, SqliteNodeLivenessStore>();
        services.AddSingleton<IHealthHistoryStore, SqliteHealthHistoryStore>();
        services.AddSingleton<ICommandStore, SqliteCommandStore>();
        services.AddSingleton<ICommandResultStore, SqliteCommandResultStore>();
        services.AddSingleton<IHistoryStore, SqliteHistoryStore>();
        services.AddSingleton<ITokenStore, SqliteTokenStore>();
        return services;
    }
}
