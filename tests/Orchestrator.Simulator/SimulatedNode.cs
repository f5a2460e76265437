using Orchestrator.Contracts;

namespace Orchestrator.Simulator;

/// <summary>A node that runs nothing and says that it does. Not safe for use by several at a time.</summary>
internal sealed class SimulatedNode(string id, string name, long epoch, NodeConduct conduct, Random dice)
{
    private readonly Dictionary<string, SimulatedTask> _tasks = [];
    private long _epoch = epoch;
    private long _seq;
    private long _beat;

    public string Id => id;

    public IReadOnlyCollection<SimulatedTask> Tasks => _tasks.Values;

    /// <summary>It hears and says nothing.</summary>
    public bool Silent { get; set; }

    /// <returns>A report on each task named: an instruction seen before is acknowledged again. And those that start or stop now, with how long that takes.</returns>
    public (IReadOnlyList<TaskReport> Reports, IReadOnlyList<(string TaskId, TimeSpan After)> UnderWay) Obey(UpdateNodeTasks update, DateTimeOffset now)
    {
        var reports = new List<TaskReport>(update.Tasks.Count);
        var underWay = new List<(string TaskId, TimeSpan After)>();
        foreach (var wanted in update.Tasks)
        {
            var known = _tasks.GetValueOrDefault(wanted.TaskId);
            if (known is null || wanted.Version > known.Wanted.Version)
            {
                _tasks[wanted.TaskId] = known = Follow(known, wanted, now, underWay);
            }

            reports.Add(Report(known, now));
        }

        return (reports, underWay);
    }

    /// <summary>The start or the stop of a task is over.</summary>
    /// <returns>Null when it was stopped at once meanwhile.</returns>
    public TaskReport? Done(string taskId, DateTimeOffset now)
    {
        if (_tasks.GetValueOrDefault(taskId) is not { State: TaskState.Preparing or TaskState.Stopping } task)
        {
            return null;
        }

        _tasks[taskId] = task = task.State == TaskState.Preparing ? Started(task, now) : task with { State = TaskState.Stopped };
        return Report(task, now);
    }

    /// <summary>As when its agent is started again: what runs runs on.</summary>
    public void Restart(long epoch) => (_epoch, _seq, _beat) = (epoch, 0, 0);

    /// <summary>All that it holds, as after a reconnect.</summary>
    public IReadOnlyList<TaskReport> ReportAll(DateTimeOffset now) => [.. _tasks.Values.Select(task => Report(task, now))];

    public NodeJoined Joined(string clusterId, double cpus, long memoryBytes, DateTimeOffset now) => new()
    {
        NodeId = id,
        ClusterId = clusterId,
        AgentEpoch = _epoch,
        Name = name,
        Capacity = new NodeCapacity { Cpus = cpus, MemoryBytes = memoryBytes },
        Platform = new NodePlatform { Os = "linux", Architecture = "x86_64" },
        Engine = new EngineInfo { Version = "simulated", ApiVersion = "1.41" },
        OccurredAt = now,
    };

    public NodeSync Sync(DateTimeOffset now) => new() { NodeId = id, AgentEpoch = _epoch, OccurredAt = now };

    public NodeHeartbeat Beat(double intervalSeconds, DateTimeOffset now) =>
        new() { NodeId = id, AgentEpoch = _epoch, Seq = ++_beat, IntervalSeconds = intervalSeconds, OccurredAt = now };

    private SimulatedTask Follow(SimulatedTask? known, NodeTask wanted, DateTimeOffset now, List<(string TaskId, TimeSpan After)> underWay)
    {
        switch (wanted.Desired, known?.State)
        {
            case (DesiredState.Run, null):
                var task = new SimulatedTask(id, wanted, wanted.Spec, TaskState.Preparing, null);
                if (conduct.StartTime is not { } startTime)
                {
                    return Started(task, now);
                }

                underWay.Add((wanted.TaskId, startTime(dice)));
                return task;
            case (DesiredState.Run, _):
                return known! with { Wanted = wanted, Spec = wanted.Spec ?? known.Spec };
            case (_, null):
                return new SimulatedTask(id, wanted, null, TaskState.Stopped, null);
            case (_, TaskState.Running) when conduct.StopTime is { } stopTime:
                underWay.Add((wanted.TaskId, stopTime(dice)));
                return known with { Wanted = wanted, State = TaskState.Stopping };
            case (_, TaskState.Stopping):
                return known with { Wanted = wanted };
            default:
                return known! with { Wanted = wanted, State = known.State.IsFinal() ? known.State : TaskState.Stopped };
        }
    }

    private SimulatedTask Started(SimulatedTask task, DateTimeOffset now) =>
        conduct.FailingStarts > 0 && dice.NextDouble() < conduct.FailingStarts
            ? task with { State = TaskState.Failed }
            : task with { State = TaskState.Running, RunningAt = now };

    private TaskReport Report(SimulatedTask task, DateTimeOffset now) => new()
    {
        TaskId = task.Wanted.TaskId,
        Version = task.Wanted.Version,
        AgentEpoch = _epoch,
        Seq = ++_seq,
        State = task.State,
        Ready = task.State == TaskState.Running,
        ContainerId = task.RunningAt is null ? null : "simulated-" + task.Wanted.TaskId,
        Message = task.State == TaskState.Failed ? "simulated failure" : null,
        ExitCode = task.State == TaskState.Failed ? 1 : null,
        RunningAt = task.RunningAt,
        FinishedAt = task.State.IsFinal() ? now : null,
    };
}
