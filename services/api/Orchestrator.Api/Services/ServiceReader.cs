using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Services;

/// <summary>Puts together what people want to know of services, with one read of each kind.</summary>
internal sealed class ServiceReader(IServiceStore services, IRevisionStore revisions, ITaskStore tasks, IRolloutStore rollouts, TimeProvider time)
{
    public async Task<IReadOnlyList<ServiceRow>> ListAsync(string? app, CancellationToken cancellation)
    {
        var list = await services.ListAsync(app, cancellation);
        var specs = await SpecsAsync(list, cancellation);
        var all = (await tasks.ListAsync(app, null, cancellation)).ToLookup(task => task.ServiceId);
        var newest = (await rollouts.ListNewestAsync(cancellation)).ToDictionary(rollout => rollout.ServiceId);
        return [.. list.Select(service => Row(service, specs.GetValueOrDefault(service.Id), [.. all[service.Id]], newest.GetValueOrDefault(service.Id)))];
    }

    public async Task<object?> FindAsync(string app, string name, CancellationToken cancellation)
    {
        if ((await services.ListAsync(app, cancellation)).LastOrDefault(service => service.Name == name) is not { } service)
        {
            return null;
        }

        var revision = (await revisions.FindManyAsync([(service.Id, service.Revision)], cancellation)).FirstOrDefault();
        var all = await tasks.ListByServiceAsync(service.Id, cancellation);
        var rollout = (await rollouts.ListAsync(service.Id, cancellation)).FirstOrDefault();
        var row = Row(service, revision, all, rollout);
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
            Tasks = all.Where(task => !task.State.IsFinal() && !task.NodeLost).GroupBy(task => task.State).ToDictionary(group => group.Key.ToString(), group => group.Count()),
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

    private static ServiceRow Row(ServiceDocument service, RevisionDocument? revision, IReadOnlyList<TaskDocument> all, RolloutDocument? rollout) => new()
    {
        App = service.App,
        Name = service.Name,
        Mode = service.Mode.ToString(),
        Desired = service.Removed ? 0 : service.Slots ?? (service.Mode == ServiceMode.Global ? 0 : service.Replicas),
        Running = all.Count(task => task is { State: TaskState.Running, NodeLost: false }),
        Ready = all.Count(task => task is { Ready: true, NodeLost: false, Desired: DesiredState.Run }),
        Done = revision?.Spec.Restart.Condition is RestartCondition.Any or null ? 0 : all.Where(task => service.Mode == ServiceMode.Global || task.Slot <= service.Replicas).GroupBy(task => task.Slot)
            .Count(slot => slot.All(task => task.State.IsFinal()) && slot.MaxBy(task => task.Attempt)!.State == TaskState.Completed),
        Image = revision?.Spec.Container.Image ?? "",
        Revision = service.Revision,
        Rollout = rollout?.State.ToString(),
        WaitsForOthers = !service.DependenciesMet && !service.Removed,
        Removed = service.Removed,
        Id = service.Id,
        Ports = revision?.Spec.Ports ?? [],
    };
}
