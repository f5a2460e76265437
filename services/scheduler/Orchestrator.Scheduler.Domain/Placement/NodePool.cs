namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>A node is in one pool. A pool's nodes take only the tasks that name it.</summary>
public static class NodePool
{
    public const string Default = "default";

    /// <summary>Named by tasks that go to any pool.</summary>
    public const string Any = "all";
}
