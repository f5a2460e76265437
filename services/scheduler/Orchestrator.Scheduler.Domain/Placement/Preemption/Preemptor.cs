using Orchestrator.Scheduler.Domain.Placement.Filters;
using Orchestrator.Scheduler.Domain.Placement.Ranking;

namespace Orchestrator.Scheduler.Domain.Placement.Preemption;

/// <summary>
/// Finds nodes for tasks that found no room, by having others stopped: where the most important of them is the least important,
/// then where they are the fewest, then the least important together; ties by node id. A node's victims are looked for only when
/// no other node could do with less.
/// </summary>
internal sealed class Preemptor(TaskGroup group, NodeState[] nodes, GroupPass pass)
{
    // The nodes as they are once what was decided has happened.
    private readonly NodeState?[] _after = new NodeState?[nodes.Length];
    private readonly Victims?[] _victims = new Victims?[nodes.Length];
    private readonly PriorityQueue<int, (VictimCost Cost, int Slot)> _open = new();

    public IReadOnlyList<Nomination> Nominate(int count)
    {
        var nominations = new List<Nomination>();
        for (var slot = 0; slot < nodes.Length; slot++)
        {
            Offer(slot);
        }

        while (nominations.Count < count && Next() is var (slot, victims))
        {
            var node = nodes[slot].Node;
            nominations.Add(new Nomination(node.Id, victims.Tasks, Reason(node, victims)));
            _after[slot] = After(slot).Without(victims.Tasks).With(group.Claim, 1);
            pass.TakeByForce(slot);
            Offer(slot);
        }

        return nominations;
    }

    /// <returns>The node that costs the least, of those that places do not rule out now.</returns>
    private (int Slot, Victims Victims)? Next()
    {
        var (aside, found) = (new List<(int Slot, VictimCost Cost)>(), default((int Slot, Victims Victims)?));
        while (found is null && _open.TryDequeue(out var slot, out var key))
        {
            if (pass.Domains.Blocks(pass.CellOf(slot)))
            {
                aside.Add((slot, key.Cost));
            }
            else if (_victims[slot] is { } victims)
            {
                found = (slot, victims);
            }
            else if (VictimFinder.Find(group, After(slot)) is { } exact)
            {
                _victims[slot] = exact;
                _open.Enqueue(slot, (exact.Cost, slot));
            }
        }

        aside.ForEach(entry => _open.Enqueue(entry.Slot, (entry.Cost, entry.Slot)));
        return found;
    }

    private void Offer(int slot)
    {
        _victims[slot] = null;
        if (pass.Stands(slot) && NodeFilters.Service.Room(group, After(slot)) > 0 && VictimFinder.AtLeast(group, After(slot)) is { } cost)
        {
            _open.Enqueue(slot, (cost, slot));
        }
    }

    private NodeState After(int slot) =>
        _after[slot] ?? (pass.AddedTo(slot) > 0 ? _after[slot] = nodes[slot].With(group.Claim, pass.AddedTo(slot)) : nodes[slot]);

    private string Reason(NodeSnapshot node, Victims victims) => victims.Tasks.Count == 0
        ? $"{node.Name} has room once those before it have left"
        : $"{node.Name} has room without {string.Join(", ", victims.Tasks)}, of priority {victims.Cost.HighestPriority} at most, below {group.Claim.Priority}";
}
