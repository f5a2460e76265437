using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Commands;
using Orchestrator.Scheduler.Domain.Acceptance;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Plans;

/// <summary>What a deploy would change, and where its new tasks would go: decided as a deploy is, on a copy of the nodes.</summary>
internal sealed class AppPlans(WantedSpecs specs, ITaskStore tasks, GroupTemplates groups, IPlacementPlanner planner, NodeView view)
{
    public async Task<IReadOnlyList<PlannedService>> OfAsync(string name, AppDocument? app, ApplicationSpec spec, CancellationToken cancellation)
    {
        var current = await specs.OfAsync(app, cancellation);
        var plan = DeployPlanner.Plan(spec, current, [.. spec.Services.Select(_ => NewId.NextGuid().ToString("N"))]);
        var live = new Dictionary<string, IReadOnlyList<TaskDocument>>();
        foreach (var service in current.Values)
        {
            live[service.ServiceId] = [.. (await tasks.ListByServiceAsync(service.ServiceId, cancellation)).Where(task => task is { Desired: DesiredState.Run, NodeLost: false } && !task.State.IsFinal())];
        }

        await view.CatchUpAsync(cancellation);
        var others = plan.Wanted.ToDictionary(entry => ServiceReference.Full(name, entry.Key), entry => (entry.Value.ServiceId, entry.Value.Spec))
            .Concat(await groups.OthersAsync(name, spec.Services, cancellation)).ToDictionary();
        return view.DecideWithEntries((cluster, _) =>
        {
            var after = cluster.Copy();
            var volumes = (app?.Volumes ?? new Dictionary<string, AppVolume>()).ToDictionary(volume => volume.Key, volume => volume.Value.NodeId);
            return (IReadOnlyList<PlannedService>)[
                .. spec.Services.Select(service => Plan(name, after, plan, current.GetValueOrDefault(service.Name), plan.Wanted[service.Name], others, live, volumes)),
                .. current.Values.Where(service => !plan.Wanted.ContainsKey(service.Spec.Name)).Select(service => new PlannedService
                {
                    Name = service.Spec.Name, Change = PlannedChange.Remove, FromRevision = service.Revision, FromReplicas = service.Replicas,
                }),
            ];
        });
    }

    private PlannedService Plan(
        string app, Cluster after, DeployPlan plan, CurrentService? before, CurrentService wanted,
        IReadOnlyDictionary<string, (string Id, ServiceSpec Spec)> others, Dictionary<string, IReadOnlyList<TaskDocument>> live,
        Dictionary<string, string> volumes)
    {
        var group = groups.With(wanted.ServiceId, app, wanted.Spec, others);
        var isNew = plan.NewRevisions.Contains(wanted.Spec.Name);
        var replaced = before is not null && isNew && CanonicalJson.TemplateHash(before.Spec) != CanonicalJson.TemplateHash(wanted.Spec);
        var there = before is null ? [] : live[wanted.ServiceId];
        var slots = wanted.Spec.Mode == ServiceMode.Global ? GlobalSlots(after, group, there) : [.. Enumerable.Range(1, wanted.Replicas).Select(slot => (slot, (string?)null))];
        var (placed, waiting, last) = (new List<PlannedTask>(), 0, (PlacementResult?)null);
        foreach (var (slot, nodeId) in slots)
        {
            var old = there.FirstOrDefault(task => nodeId is null ? task.Slot == slot : task.NodeId == nodeId);
            if (old is not null && !replaced && (old.NodeId is null || after.Find(old.NodeId) is not { } node || NodeFit.ReasonsToLeave(group, node).Count == 0))
            {
                continue;
            }

            var bound = (nodeId is null ? group : Bound(group, nodeId)) with { Volumes = VolumeHomes.Planned(volumes, wanted.Spec, after) };
            var result = planner.Place(bound, 1, after);
            if (result.NodeIds is [var found])
            {
                foreach (var volume in LocalVolumes.Of(wanted.Spec))
                {
                    volumes[volume] = found;
                }

                placed.Add(new PlannedTask { Slot = slot, NodeId = found, Node = after.Find(found)!.Node.Name, Replaces = old?.Id });
                after.Add(found, $"plan-{wanted.ServiceId}-{slot}", group.Claim);
                if (old?.NodeId is { } left)
                {
                    after.Remove(left, old.Id);
                }
            }
            else
            {
                (waiting, last) = (waiting + 1, result);
            }
        }

        return new PlannedService
        {
            Name = wanted.Spec.Name,
            Change = before is null ? PlannedChange.Create
                : replaced ? PlannedChange.Update
                : isNew ? PlannedChange.InPlace
                : before.Replicas != wanted.Replicas ? PlannedChange.Scale
                : PlannedChange.None,
            FromRevision = before?.Revision,
            ToRevision = wanted.Revision,
            FromReplicas = before?.Replicas ?? 0,
            ToReplicas = wanted.Spec.Mode == ServiceMode.Global ? slots.Count : wanted.Replicas,
            Differences = before is null ? [] : SpecDifferences.Between(before.Spec with { Replicas = before.Replicas }, wanted.Spec with { Replicas = wanted.Replicas }),
            StopFirst = replaced ? RolloutPolicies.WhyItStopsFirst(wanted.Spec) : null,
            Tasks = placed,
            Waiting = waiting,
            Reasons = last?.Reasons ?? [],
            Changes = [.. last?.Waiting?.Changes.Select(change => change.Text) ?? []],
        };
    }

    private static List<(int Slot, string? NodeId)> GlobalSlots(Cluster cluster, TaskGroup group, IReadOnlyList<TaskDocument> there)
    {
        var nodes = cluster.Nodes.Where(node => NodeFit.ReasonsStanding(group, node).Count == 0).Select(node => node.Node.Id).ToList();
        var numbers = Domain.Reconcile.GlobalSlots.Number(nodes, there.Where(task => task.NodeId is not null).Select(task => (task.NodeId!, task.Slot)));
        return [.. nodes.Select(node => (numbers[node], (string?)node)).OrderBy(slot => slot.Item1)];
    }

    private static TaskGroup Bound(TaskGroup group, string nodeId) =>
        group with { Constraints = [.. group.Constraints, ConstraintParser.Parse($"node.id=={nodeId}").Constraint!] };
}
