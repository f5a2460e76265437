using Orchestrator.Contracts;

namespace Orchestrator.Simulator;

/// <summary>A node that obeys at once and runs nothing. Not safe for use by several at a time.</summary>
internal sealed class SimulatedNode(string id, string name, long epoch)
{
    private readonly Dictionary<string, SimulatedTask> _tasks = [];
    private long _seq;
    private long _beat;

    public string Id => id;

    public IReadOnlyCollection<SimulatedTask> Tasks => _tasks.Values;

    /// <returns>A report on each task named: an instruction seen before is acknowledged again.</returns>
    public IReadOnlyList<TaskReport> Obey(UpdateNodeTasks update, DateTimeOffset now)
    {
        var reports = new List<TaskReport>(update.Tasks.Count);
        foreach (var wanted in update.Tasks)
        {
            var known = _tasks.GetValueOrDefault(wanted.TaskId);
            if (known is null || wanted.Version > known.Wanted.Version)
            {
                _tasks[wanted.TaskId] = known = Follow(known, wanted, now);
            }

            reports.Add(Report(known, now));
        }

        return reports;
    }

    /// <summary>All that it holds, as after a reconnect.</summary>
    public IReadOnlyList<TaskReport> ReportAll(DateTimeOffset now) => [.. _tasks.Values.Select(task => Report(task, now))];

    public NodeJoined Joined(string clusterId, double cpus, long memoryBytes, DateTimeOffset now) => new()
    {
        NodeId = id,
        ClusterId = clusterId,
        AgentEpoch = epoch,
        Name = name,
        Capacity = new NodeCapacity { Cpus = cpus, MemoryBytes = memoryBytes },
        Platform = new NodePlatform { Os = "linux", Architecture = "x86_64" },
        Engine = new EngineInfo { Version = "simulated", ApiVersion = "1.41" },
        OccurredAt = now,
    };

    public NodeSync Sync(DateTimeOffset now) => new() { NodeId = id, AgentEpoch = epoch, OccurredAt = now };

    public NodeHeartbeat Beat(double intervalSeconds, DateTimeOffset now) =>
        new() { NodeId = id, AgentEpoch = epoch, Seq = ++_beat, IntervalSeconds = intervalSeconds, OccurredAt = now };

    private SimulatedTask Follow(SimulatedTask? known, NodeTask wanted, DateTimeOffset now) => (wanted.Desired, known?.State) switch
    {
        (DesiredState.Run, null) => new SimulatedTask(id, wanted, wanted.Spec, TaskState.Running, now),
        (DesiredState.Run, _) => known! with { Wanted = wanted, Spec = wanted.Spec ?? known.Spec },
        (_, null) => new SimulatedTask(id, wanted, null, TaskState.Stopped, null),
        _ => known! with { Wanted = wanted, State = known.State == TaskState.Running ? TaskState.Stopped : known.State },
    };

    private TaskReport Report(SimulatedTask task, DateTimeOffset now) => new()
    {
        TaskId = task.Wanted.TaskId,
        Version = task.Wanted.Version,
        AgentEpoch = epoch,
        Seq = ++_seq,
        State = task.State,
        Ready = task.State == TaskState.Running,
        ContainerId = task.RunningAt is null ? null : "simulated-" + task.Wanted.TaskId,
        RunningAt = task.RunningAt,
        FinishedAt = task.State == TaskState.Running ? null : now,
    };
}
