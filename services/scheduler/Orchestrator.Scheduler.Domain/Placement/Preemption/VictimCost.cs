namespace Orchestrator.Scheduler.Domain.Placement.Preemption;

/// <summary>What it costs to stop some tasks: the greatest priority among them counts first, then how many they are, then the sum of their priorities.</summary>
internal readonly record struct VictimCost(int HighestPriority, int Count, int PrioritySum) : IComparable<VictimCost>
{
    public int CompareTo(VictimCost other) =>
        (HighestPriority, Count, PrioritySum).CompareTo((other.HighestPriority, other.Count, other.PrioritySum));
}
