using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Tests;

/// <summary>What the agent has told.</summary>
internal sealed class Reports
{
    private readonly List<TaskReport> _all = [];
    private readonly Lock _gate = new();

    public NodeJoined? Joined { get; set; }

    /// <summary>As the last heartbeat that tells them has them.</summary>
    public IReadOnlyDictionary<string, double> Loads { get; set; } = new Dictionary<string, double>();

    public void Take(TasksReported message)
    {
        lock (_gate)
        {
            _all.AddRange(message.Tasks);
        }
    }

    public IReadOnlyList<TaskReport> All(string taskId)
    {
        lock (_gate)
        {
            return [.. _all.Where(report => report.TaskId == taskId).OrderBy(report => report.Seq)];
        }
    }

    public TaskReport? Following(string taskId)
    {
        lock (_gate)
        {
            return _all.LastOrDefault(report => report.Replaces == taskId);
        }
    }

    public TaskReport? Of(string taskId) => All(taskId).LastOrDefault();
}
