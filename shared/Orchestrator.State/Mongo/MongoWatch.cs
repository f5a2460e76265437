using MongoDB.Driver.Core.Configuration;
using MongoDB.Driver.Core.Events;

namespace Orchestrator.State.Mongo;

/// <summary>The driver tries on and on by itself, and tells of each try.</summary>
internal static class MongoWatch
{
    public static void Follow(this ClusterBuilder cluster, StoreWatch watch) => cluster
        .Subscribe<ServerHeartbeatFailedEvent>(failed => watch.Away(MongoErrors.FirstLine(failed.Exception.GetBaseException())))
        .Subscribe<ServerHeartbeatSucceededEvent>(_ => watch.Back());
}
