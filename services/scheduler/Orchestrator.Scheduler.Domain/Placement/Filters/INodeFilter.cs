namespace Orchestrator.Scheduler.Domain.Placement.Filters;

/// <summary>One rule on where tasks may be.</summary>
public interface INodeFilter
{
    /// <summary>How many tasks of the group the node can take, as far as this rule goes. 0: none; <see cref="int.MaxValue"/>: it sets no limit.</summary>
    int Room(TaskGroup group, NodeState node);

    /// <summary>Why there is no room, to be read after the node's name.</summary>
    string Reason(TaskGroup group, NodeState node);

    /// <summary>The least change of the group or the node that this rule would be content with; null: none to speak of.</summary>
    Cure? Cure(TaskGroup group, NodeState node);
}
