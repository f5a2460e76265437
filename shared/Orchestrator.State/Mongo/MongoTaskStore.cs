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
        database.RunAsync<TaskDocument?>(async () => await _tasks.Find(task => task.Id == taskId).FirstOrDefaultAsync(cancellation));

    public Task<IReadOnlyList<TaskDocument>> FindByPrefixAsync(string prefix, int limit, CancellationToken cancellation) =>
        ListAsync(_tasks.Find(Where.Gte(task => task.Id, prefix) & Where.Lt(task => task.Id, prefix + AfterAllOthers)).SortBy(task => task.Id).Limit(limit), cancellation);

    public Task<IReadOnlyList<TaskDocument>> FindManyAsync(IReadOnlyList<string> taskIds, CancellationToken cancellation) =>
        ListAsync(_tasks.Find(Where.In(task => task.Id, taskIds)), cancellation);

    public Task<IReadOnlyList<TaskDocument>> ListByServiceAsync(string serviceId, CancellationToken cancellation) =>
        ListAsync(_tasks.Find(task => task.ServiceId == serviceId).SortBy(task => task.Slot).ThenBy(task => task.CreatedAt), cancellation);

    public Task<IReadOnlyList<TaskDocument>> ListByServicesAsync(IReadOnlyList<string> serviceIds, CancellationToken cancellation) =>
        ListAsync(_tasks.Find(Where.In(task => task.ServiceId, serviceIds)).SortBy(task => task.ServiceId).ThenBy(task => task.Slot).ThenBy(task => task.CreatedAt), cancellation);

    public Task<IReadOnlyList<TaskDocument>> ListLiveByNodeAsync(string nodeId, CancellationToken cancellation) =>
        ListAsync(_tasks.Find(Where.Eq(task => task.NodeId, nodeId) & Where.In(task => task.State, Live)), cancellation);

    public Task<IReadOnlyList<TaskDocument>> ListLiveByNodesAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation) =>
        ListAsync(_tasks.Find(Where.In(task => task.NodeId, nodeIds) & Where.In(task => task.State, Live)), cancellation);

    public Task<ILookup<string, string>> ListLiveIdsByNodesAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation) =>
        database.RunAsync(async () =>
            (await _tasks.Find(Where.In(task => task.NodeId, nodeIds) & Where.In(task => task.State, Live)).Project(task => new { task.Id, task.NodeId }).ToListAsync(cancellation))
                .ToLookup(task => task.NodeId!, task => task.Id));

    public Task<IReadOnlyList<TaskDocument>> ListAsync(string? app, string? service, CancellationToken cancellation)
    {
        var filter = app is null ? Where.Empty : Where.Eq(task => task.App, app);
        filter &= app is null || service is null ? Where.Empty : Where.Eq(task => task.Service, service);
        return ListAsync(
            _tasks.Find(filter).SortBy(task => task.App).ThenBy(task => task.Service).ThenBy(task => task.Slot).ThenBy(task => task.CreatedAt), cancellation);
    }

    public Task<IReadOnlyList<TaskDocument>> PageAsync(string? app, string? service, bool finalToo, TaskPlace? after, int limit, CancellationToken cancellation)
    {
        var filter = app is null ? Where.Empty : Where.Eq(task => task.App, app);
        filter &= app is null || service is null ? Where.Empty : Where.Eq(task => task.Service, service);
        filter &= finalToo ? Where.Empty : Where.In(task => task.State, Live);
        filter &= after is null ? Where.Empty : After(after);
        return ListAsync(
            _tasks.Find(filter).SortBy(task => task.App).ThenBy(task => task.Service).ThenBy(task => task.Slot).ThenBy(task => task.CreatedAt).ThenBy(task => task.Id).Limit(limit), cancellation);
    }

    public Task<IReadOnlyList<TaskCount>> CountByServiceAsync(IReadOnlyList<string> serviceIds, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<TaskCount>>(async () =>
            [.. (await _tasks.Aggregate().Match(Where.In(task => task.ServiceId, serviceIds))
                .Group(task => new { task.ServiceId, task.State, task.Desired, task.Ready, task.NodeLost }, group => new { group.Key, Count = group.LongCount() }).ToListAsync(cancellation))
                .Select(group => new TaskCount(group.Key.ServiceId, group.Key.State, group.Key.Desired, group.Key.Ready, group.Key.NodeLost, group.Count))]);

    public Task<IReadOnlyList<string>> ListDirtyServicesAsync(DateTimeOffset until, int limit, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<string>>(
            async () => await _tasks.Aggregate().Match(task => task.DirtySince <= until).Group(task => task.ServiceId, group => group.Key).Limit(limit).ToListAsync(cancellation));

    public Task<IReadOnlyDictionary<TaskState, long>> CountByStateAsync(CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyDictionary<TaskState, long>>(async () =>
            (await _tasks.Aggregate().SortBy(task => task.State).Group(task => task.State, group => new { State = group.Key, Count = group.LongCount() }).ToListAsync(cancellation))
            .ToDictionary(group => group.State, group => group.Count));

    public Task<IReadOnlyList<TaskDocument>> ListInstructDueAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        ListAsync(_tasks.Find(task => task.InstructDueAt <= now).SortBy(task => task.InstructDueAt).Limit(limit), cancellation);

    public Task<IReadOnlySet<string>> InsertManyAsync(IReadOnlyList<TaskDocument> tasks, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlySet<string>>(async () =>
        {
            var there = await _tasks.InsertNewAsync([.. tasks.Select(task => task with { Version = 1 })], cancellation);
            return there.Select(place => tasks[place].Id).ToHashSet();
        });

    public Task<IReadOnlySet<string>> ReplaceManyAsync(IReadOnlyList<TaskDocument> tasks, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlySet<string>>(async () =>
        {
            var lost = await _tasks.BulkOrErrorsAsync([.. tasks.Select(task => MongoWrites.OrError<TaskDocument>(task.Id, task.Version, MongoWrites.Replacing(task with { Version = task.Version + 1 })))], cancellation);
            return lost.Select(place => tasks[place].Id).ToHashSet();
        });

    public Task ClearDirtyAsync(IReadOnlyList<(string TaskId, long Version)> tasks, CancellationToken cancellation) =>
        database.RunAsync(() => _tasks.BulkAsync(
            [
                .. tasks.Select(task => new UpdateOneModel<TaskDocument>(
                    MongoWrites.Of(task.TaskId, task.Version), Builders<TaskDocument>.Update.Unset(document => document.DirtySince))),
            ],
            cancellation));

    public Task DeleteManyAsync(IReadOnlyList<string> taskIds, CancellationToken cancellation) =>
        database.RunAsync(() => _tasks.DeleteManyAsync(Where.In(task => task.Id, taskIds), cancellation));

    private static FilterDefinition<TaskDocument> After(TaskPlace place)
    {
        var (app, service, slot) = (Where.Eq(task => task.App, place.App), Where.Eq(task => task.Service, place.Service), Where.Eq(task => task.Slot, place.Slot));
        return Where.Gt(task => task.App, place.App)
            | (app & Where.Gt(task => task.Service, place.Service))
            | (app & service & Where.Gt(task => task.Slot, place.Slot))
            | (app & service & slot & Where.Gt(task => task.CreatedAt, place.CreatedAt))
            | (app & service & slot & Where.Eq(task => task.CreatedAt, place.CreatedAt) & Where.Gt(task => task.Id, place.Id));
    }

    private Task<IReadOnlyList<TaskDocument>> ListAsync(
        IFindFluent<TaskDocument, TaskDocument> query, CancellationToken cancellation, [CallerMemberName] string method = "") =>
        database.RunAsync<IReadOnlyList<TaskDocument>>(async () => await query.ToListAsync(cancellation), method);
}
