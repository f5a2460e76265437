using MongoDB.Bson;
using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

/// <summary>All collections and their indexes, beside the one on <c>_id</c>. Every query of the stores is answered by one of them.</summary>
internal static class MongoIndexes
{
    public const string Apps = "apps";
    public const string Services = "services";
    public const string Revisions = "revisions";
    public const string Tasks = "tasks";
    public const string Rollouts = "rollouts";
    public const string Nodes = "nodes";
    public const string RemovedNodes = "removed_nodes";
    public const string NodeLiveness = "node_liveness";
    public const string Leases = "leases";
    public const string HealthHistory = "health_history";
    public const string Commands = "commands";
    public const string CommandResults = "command_results";
    public const string Events = "events";
    public const string Counters = "counters";
    public const string Tokens = "tokens";
    public const string JoinTokens = "join_tokens";

    /// <summary>Idempotent.</summary>
    public static Task CreateAsync(IMongoDatabase database, CancellationToken cancellation)
    {
        Task OnAsync(string collection, params CreateIndexModel<BsonDocument>[] indexes) =>
            database.GetCollection<BsonDocument>(collection).Indexes.CreateManyAsync(indexes, cancellation);

        return Task.WhenAll(
            OnAsync(Apps, Index("dirtySince", sparse: true)),
            OnAsync(Services, Index("app name _id"), Index("dirtySince", sparse: true), Index("dueAt", sparse: true), Index("unschedulableReasons", sparse: true), Index("keepsAway", sparse: true)),
            OnAsync(Revisions, Index("serviceId number", unique: true)),
            OnAsync(
                Tasks,
                Index("serviceId slot createdAt"), Index("app service slot createdAt _id"), Index("serviceId state desired ready nodeLost"), Index("nodeId state"), Index("state"),
                Index("dirtySince", sparse: true), Index("instructDueAt", sparse: true)),
            OnAsync(Rollouts, Index("serviceId -toRevision"), Index("-startedAt _id"), Index("dueAt", sparse: true)),
            OnAsync(Nodes, Index("name _id")),
            OnAsync(RemovedNodes, Index("removedAt")),
            OnAsync(HealthHistory, Index("taskId -at -_id"), Index("at")),
            OnAsync(Commands, Index("app -order", unique: true), Index("answer.eventId publishDueAt")),
            OnAsync(JoinTokens, Index("expiresAt")),
            OnAsync(Events, Index("eventId", unique: true), Index("occurredAt"), Index("app _id"), Index("commandId _id", onlyWith: "commandId")));
    }

    /// <param name="fields">Separated by blanks; descending with a minus.</param>
    /// <param name="unique">No two documents have the same values.</param>
    /// <param name="sparse">Documents without the field are left out.</param>
    /// <param name="onlyWith">Documents without this field are left out.</param>
    private static CreateIndexModel<BsonDocument> Index(string fields, bool unique = false, bool sparse = false, string? onlyWith = null) => new(
        new BsonDocument(fields.Split(' ').Select(field => new BsonElement(field.TrimStart('-'), field[0] == '-' ? -1 : 1))),
        new CreateIndexOptions<BsonDocument>
        {
            Unique = unique ? true : null,
            Sparse = sparse ? true : null,
            PartialFilterExpression = onlyWith is null ? null : new BsonDocument(onlyWith, new BsonDocument("$exists", true)),
        });
}
