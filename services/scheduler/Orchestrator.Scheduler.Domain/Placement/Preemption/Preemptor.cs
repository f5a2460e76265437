using Orchestrator.Scheduler.Domain.Placement.Filters;
using Orchestrator.Scheduler.Domain.Placement.Ranking;

namespace Orchestrator.Scheduler.Domain.Placement.Preemption;

/// <summary>
/// Finds nodes for tasks that found no room, by having others stopped: where the most important of them is the least important,
/// then where they are the fewest, then the least important together; ties by node id.
/// </summary>
internal sealed class Preemptor(TaskGroup group, NodeState[] nodes, GroupPass pass)
{
    // The nodes as they are once what was decided has happened.
    private readonly NodeState?[] _after = new NodeState?[nodes.Length];

    public IReadOnlyList<Nomination> Nominate(int count)
    {
        var nominations = new List<Nomination>();
        var candidates = new SortedSet<(Victims Victims, int Slot)>(Comparer<(Victims Victims, int Slot)>.Create(
            (a, b) => a.Victims.CompareTo(b.Victims) is var order && order != 0 ? order : a.Slot.CompareTo(b.Slot)));
        for (var slot = 0; slot < nodes.Length; slot++)
        {
            Offer(candidates, slot);
        }

        while (nominations.Count < count && candidates.FirstOrDefault(candidate => !pass.Domains.Blocks(pass.CellOf(candidate.Slot))) is { Victims: not null } best)
        {
            candidates.Remove(best);
            var node = nodes[best.Slot].Node;
            nominations.Add(new Nomination(node.Id, best.Victims.Tasks, Reason(node, best.Victims)));
            _after[best.Slot] = After(best.Slot).Without(best.Victims.Tasks).With(group.Claim, 1);
            pass.TakeByForce(best.Slot);
            Offer(candidates, best.Slot);
        }

        return nominations;
    }

    private void Offer(SortedSet<(Victims Victims, int Slot)> candidates, int slot)
    {
        if (pass.Stands(slot) && NodeFilters.Service.Room(group, After(slot)) > 0 && VictimFinder.Find(group, After(slot)) is { } victims)
        {
            candidates.Add((victims, slot));
        }
    }

    private NodeState After(int slot) =>
        _after[slot] ?? (pass.AddedTo(slot) > 0 ? _after[slot] = nodes[slot].With(group.Claim, pass.AddedTo(slot)) : nodes[slot]);

    private string Reason(NodeSnapshot node, Victims victims) => victims.Tasks.Count == 0
        ? $"{node.Name} has room once those before it have left"
        : $"{node.Name} has room without {string.Join(", ", victims.Tasks)}, of priority {victims.HighestPriority} at most, below {group.Claim.Priority}";
}
