using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Reconcile;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>A service as the nodes make it: which tasks may not stay where they are, and which nodes a global service is on.</summary>
internal sealed class Residences(NodeView view, GroupTemplates groups)
{
    /// <returns>What is wanted and what there is, for the reconciler; and when to look again though nothing changes.</returns>
    public (ServiceSnapshot Service, IReadOnlyList<TaskSnapshot> Tasks, DateTimeOffset? NextAt) Look(ServiceInput input, DateTimeOffset now)
    {
        var group = groups.Of(input.Revision);
        return view.DecideWithEntries((cluster, entries) =>
        {
            var residences = new Dictionary<string, Residence>(StringComparer.Ordinal);
            Residence At(string nodeId)
            {
                if (!residences.TryGetValue(nodeId, out var residence))
                {
                    residence = cluster.Find(nodeId) is { } node && entries.TryGetValue(nodeId, out var entry) ? Residence.Of(group, node, entry, now) : Residence.Stays;
                    residences[nodeId] = residence;
                }

                return residence;
            }

            var isGlobal = input.Revision.Spec.Mode == ServiceMode.Global;
            var snapshots = new List<TaskSnapshot>(input.Tasks.Count);
            var numbers = isGlobal ? GlobalSlots.Number(WantedNodes(), input.Tasks.Select(task => (NodeOf(task), task.Slot))) : null;
            foreach (var task in input.Tasks)
            {
                if (isGlobal && entries.TryGetValue(NodeOf(task), out var entry) && entry.Liveness >= NodeLiveness.Lost && !task.State.IsFinal())
                {
                    // It may run on there: it is looked at when its node is back, or given up.
                    continue;
                }

                var residence = task.NodeId is { } nodeId && task.Desired == DesiredState.Run && !task.State.IsFinal() ? At(nodeId) : Residence.Stays;
                snapshots.Add(ServiceInput.SnapshotOf(task) with
                {
                    Slot = numbers?[NodeOf(task)] ?? task.Slot,
                    LeaveReason = residence.Reason ?? task.Move?.Reason,
                    LeavesNow = residence.Now,
                    MovesTo = task.Move?.ToNodeId,
                });
            }

            var slots = numbers is null ? null : WantedNodes().ToDictionary(node => numbers[node], node => node);
            return (
                input.Snapshot(slots),
                (IReadOnlyList<TaskSnapshot>)snapshots,
                residences.Values.Min(residence => residence.NextAt));

            List<string> WantedNodes()
            {
                var live = input.Tasks.Where(task => task.Desired == DesiredState.Run && !task.State.IsFinal()).Select(NodeOf).ToHashSet();
                return [.. cluster.Nodes.Where(node => entries.TryGetValue(node.Node.Id, out var entry) && entry.Liveness < NodeLiveness.Lost && !entry.Removed
                    && (live.Contains(node.Node.Id) ? At(node.Node.Id).Reason is null : NodeFit.ReasonsStanding(group, node).Count == 0)).Select(node => node.Node.Id)];
            }
        });
    }

    private static string NodeOf(TaskDocument task) => task.BoundNodeId ?? task.NodeId ?? "";
}
