using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using Orchestrator.Contracts;

namespace Orchestrator.State.Mongo;

internal sealed class MongoTaskStore(MongoDatabase database) : ITaskStore
{
    private const char AfterAllOthers = '\uffff';
    private static readonly FilterDefinitionBuilder<TaskDocument> Where = Builders<TaskDocument>.Filter;
    private static readonly TaskState[] Live = [.. Enum.GetValues<TaskState>().Where(state => !state.IsFinal())];
    private readonly IMongoCollection<TaskDocument> _tasks = database.Collection<TaskDocument>(MongoIndexes.Tasks);

    public Task<TaskDocument?> FindAsync(string taskId, CancellationToken cancellation) =>
        MongoDatabase.RunAsync<TaskDocument?>(async () => await _tasks.Find(task => task.Id == taskId).FirstOrDefaultAsync(cancellation));

    public Task<IReadOnlyList<TaskDocument>> FindByPrefixAsync(string prefix, int limit, CancellationToken cancellation) =>
        ListAsync(_tasks.Find(Where.Gte(task => task.Id, prefix) & Where.Lt(task => task.Id, prefix + AfterAllOthers)).SortBy(task => task.Id).Limit(limit), cancellation);

    public Task<IReadOnlyList<TaskDocument>> FindManyAsync(IReadOnlyList<string> taskIds, CancellationToken cancellation) =>
        ListAsync(_tasks.Find(Where.In(task => task.Id, taskIds)), cancellation);

    public Task<IReadOnlyList<TaskDocument>> ListByServiceAsync(string serviceId, CancellationToken cancellation) =>
        ListAsync(_tasks.Find(task => task.ServiceId == serviceId).SortBy(task => task.Slot).ThenBy(task => task.CreatedAt), cancellation);

    public Task<IReadOnlyList<TaskDocument>> ListLiveByNodeAsync(string nodeId, CancellationToken cancellation) =>
        ListAsync(_tasks.Find(Where.Eq(task => task.NodeId, nodeId) & Where.In(task => task.State, Live)), cancellation);

    public Task<IReadOnlyList<TaskDocument>> ListAsync(string? app, string? service, CancellationToken cancellation)
    {
        var filter = app is null ? Where.Empty : Where.Eq(task => task.App, app);
        filter &= app is null || service is null ? Where.Empty : Where.Eq(task => task.Service, service);
        return ListAsync(
            _tasks.Find(filter).SortBy(task => task.App).ThenBy(task => task.Service).ThenBy(task => task.Slot).ThenBy(task => task.CreatedAt), cancellation);
    }

    public Task<IReadOnlyList<string>> ListDirtyServicesAsync(DateTimeOffset until, int limit, CancellationToken cancellation) =>
        MongoDatabase.RunAsync<IReadOnlyList<string>>(
            async () => await _tasks.Aggregate().Match(task => task.DirtySince <= until).Group(task => task.ServiceId, group => group.Key).Limit(limit).ToListAsync(cancellation));

    public Task<IReadOnlyDictionary<TaskState, long>> CountByStateAsync(CancellationToken cancellation) =>
        MongoDatabase.RunAsync<IReadOnlyDictionary<TaskState, long>>(async () =>
            (await _tasks.Aggregate().SortBy(task => task.State).Group(task => task.State, group => new { State = group.Key, Count = group.LongCount() }).ToListAsync(cancellation))
            .ToDictionary(group => group.State, group => group.Count));

    public Task<IReadOnlyList<TaskDocument>> ListInstructDueAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        ListAsync(_tasks.Find(task => task.InstructDueAt <= now).SortBy(task => task.InstructDueAt).Limit(limit), cancellation);

    public Task<IReadOnlySet<string>> InsertManyAsync(IReadOnlyList<TaskDocument> tasks, CancellationToken cancellation) =>
        MongoDatabase.RunAsync<IReadOnlySet<string>>(async () =>
        {
            var there = await _tasks.InsertNewAsync([.. tasks.Select(task => task with { Version = 1 })], cancellation);
            return there.Select(place => tasks[place].Id).ToHashSet();
        });

    public Task<IReadOnlySet<string>> ReplaceManyAsync(IReadOnlyList<TaskDocument> tasks, CancellationToken cancellation) =>
        MongoDatabase.RunAsync<IReadOnlySet<string>>(async () =>
        {
            try
            {
                await _tasks.BulkAsync([.. tasks.Select(Replace)], cancellation);
                return new HashSet<string>();
            }
            catch (MongoBulkWriteException<TaskDocument> exception) when (exception.Refused(MongoErrors.ImmutableField))
            {
                return exception.WriteErrors.Select(error => tasks[error.Index].Id).ToHashSet();
            }
        });

    public Task ClearDirtyAsync(IReadOnlyList<(string TaskId, long Version)> tasks, CancellationToken cancellation) =>
        MongoDatabase.RunAsync(() => _tasks.BulkAsync(
            [
                .. tasks.Select(task => new UpdateOneModel<TaskDocument>(
                    MongoWrites.Of(task.TaskId, task.Version), Builders<TaskDocument>.Update.Unset(document => document.DirtySince))),
            ],
            cancellation));

    public Task DeleteManyAsync(IReadOnlyList<string> taskIds, CancellationToken cancellation) =>
        MongoDatabase.RunAsync(() => _tasks.DeleteManyAsync(Where.In(task => task.Id, taskIds), cancellation));

    /// <summary>
    /// A bulk of updates answers with counts only: it does not say which of them found nothing. As an upsert, one that finds no document of its id and
    /// version becomes an insert, and the insert is refused because it would change the id: an error that names its place.
    /// </summary>
    private static UpdateOneModel<TaskDocument> Replace(TaskDocument task)
    {
        var update = MongoWrites.Replacing(task with { Version = task.Version + 1 });
        return new UpdateOneModel<TaskDocument>(MongoWrites.Of(task.Id, task.Version), update.Add("$setOnInsert", new BsonDocument("_id", BsonNull.Value))) { IsUpsert = true };
    }

    private static Task<IReadOnlyList<TaskDocument>> ListAsync(
        IFindFluent<TaskDocument, TaskDocument> query, CancellationToken cancellation, [CallerMemberName] string method = "") =>
        MongoDatabase.RunAsync<IReadOnlyList<TaskDocument>>(async () => await query.ToListAsync(cancellation), method);
}
