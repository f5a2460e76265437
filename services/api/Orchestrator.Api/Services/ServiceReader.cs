using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Services;

/// <summary>Puts together what people want to know of services, with one read of each kind.</summary>
internal sealed class ServiceReader(IServiceStore services, IRevisionStore revisions, ITaskStore tasks, IRolloutStore rollouts, TimeProvider time)
{
    public async Task<IReadOnlyList<ServiceRow>> ListAsync(string? app, CancellationToken cancellation) =>
        await RowsAsync(await services.ListAsync(app, cancellation), cancellation);

    /// <param name="list">What is to be shown.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<IReadOnlyList<ServiceRow>> RowsAsync(IReadOnlyList<ServiceDocument> list, CancellationToken cancellation)
    {
        if (list.Count == 0)
        {
            return [];
        }

        var specs = await SpecsAsync(list, cancellation);
        var counts = (await tasks.CountByServiceAsync([.. list.Select(service => service.Id)], cancellation)).ToLookup(count => count.ServiceId);
        var newest = (await rollouts.ListNewestAsync([.. list.Select(service => service.Id)], cancellation)).ToDictionary(rollout => rollout.ServiceId);
        var ending = list.Where(service => MayBeDone(specs.GetValueOrDefault(service.Id))).Select(service => service.Id).ToList();
        var ended = ending.Count > 0 ? (await tasks.ListByServicesAsync(ending, cancellation)).ToLookup(task => task.ServiceId) : Enumerable.Empty<TaskDocument>().ToLookup(task => task.ServiceId);
        return [.. list.Select(service => Row(service, specs.GetValueOrDefault(service.Id), [.. counts[service.Id]], Done(service, [.. ended[service.Id]]), newest.GetValueOrDefault(service.Id)))];
    }

    public async Task<object?> FindAsync(string app, string name, CancellationToken cancellation)
    {
        if ((await services.ListAsync(app, cancellation)).LastOrDefault(service => service.Name == name) is not { } service)
        {
            return null;
        }

        var revision = (await revisions.FindManyAsync([(service.Id, service.Revision)], cancellation)).FirstOrDefault();
        var counts = await tasks.CountByServiceAsync([service.Id], cancellation);
        var done = MayBeDone(revision) ? Done(service, await tasks.ListByServiceAsync(service.Id, cancellation)) : 0;
        var rollout = (await rollouts.ListAsync(service.Id, cancellation)).FirstOrDefault();
        var row = Row(service, revision, counts, done, rollout);
        return new
        {
            row.App, row.Name, row.Mode, row.Desired, row.Running, row.Ready, row.Done, row.Image, row.Revision,
            Rollout = rollout is null ? null : new
            {
                State = rollout.State.ToString(),
                From = rollout.FromRevision,
                To = rollout.ToRevision,
                rollout.Message,
                rollout.StartedAt,
                rollout.EndedAt,
            },
            row.Id,
            row.Ports,
            Labels = revision?.Spec.Labels,
            DependsOn = revision?.Spec.DependsOn,
            Waiting = Waiting(service),
            Tasks = counts.Where(count => !count.State.IsFinal() && !count.NodeLost).GroupBy(count => count.State).ToDictionary(group => group.Key.ToString(), group => group.Sum(count => count.Count)),
            Spec = revision?.Spec,
            service.Removed,
            service.CreatedAt,
            UpdatedAt = service.UpdatedAt,
            AsOf = time.GetUtcNow(),
        };
    }

    private static IReadOnlyList<string> Waiting(ServiceDocument service) =>
        service.DependenciesMet ? service.UnschedulableReasons : ["the services it depends on have not got so far", .. service.UnschedulableReasons];

    private async Task<IReadOnlyDictionary<string, RevisionDocument>> SpecsAsync(IReadOnlyList<ServiceDocument> list, CancellationToken cancellation) =>
        (await revisions.FindManyAsync([.. list.Select(service => (service.Id, service.Revision))], cancellation)).ToDictionary(revision => revision.ServiceId);

    /// <summary>Its tasks need not run for ever.</summary>
    private static bool MayBeDone(RevisionDocument? revision) => revision?.Spec.Restart.Condition is not (RestartCondition.Any or null);

    private static int Done(ServiceDocument service, IReadOnlyList<TaskDocument> all) =>
        all.Where(task => service.Mode == ServiceMode.Global || task.Slot <= service.Replicas).GroupBy(task => task.Slot)
            .Count(slot => slot.All(task => task.State.IsFinal()) && slot.MaxBy(task => task.Attempt)!.State == TaskState.Completed);

    private static ServiceRow Row(ServiceDocument service, RevisionDocument? revision, IReadOnlyList<TaskCount> counts, int done, RolloutDocument? rollout) => new()
    {
        App = service.App,
        Name = service.Name,
        Mode = service.Mode.ToString(),
        Desired = service.Removed ? 0 : service.Slots ?? (service.Mode == ServiceMode.Global ? 0 : service.Replicas),
        Running = (int)counts.Where(count => count is { State: TaskState.Running, NodeLost: false }).Sum(count => count.Count),
        Ready = (int)counts.Where(count => count is { Ready: true, NodeLost: false, Desired: DesiredState.Run }).Sum(count => count.Count),
        Done = done,
        Image = revision?.Spec.Container.Image ?? "",
        Revision = service.Revision,
        Rollout = rollout?.State.ToString(),
        WaitsForOthers = !service.DependenciesMet && !service.Removed,
        Removed = service.Removed,
        Id = service.Id,
        Ports = revision?.Spec.Ports ?? [],
    };
}
