using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Docker;
using Orchestrator.NodeAgent.Domain.Tasks;
using Orchestrator.NodeAgent.Reports;

namespace Orchestrator.NodeAgent.Tasks;

/// <summary>The tasks of this node: takes instructions and the engine's events, and sees to it that containers follow.</summary>
internal sealed class NodeTasks
{
    private readonly ConcurrentDictionary<string, TaskEntry> _entries = new();
    private readonly TaskWork _work;
    private readonly TaskReporter _reporter;
    private readonly AppCleanUp _cleanUp;
    private readonly TimeProvider _time;
    private readonly ILogger<NodeTasks> _logger;

    public NodeTasks(TaskWork work, TaskReporter reporter, AppCleanUp cleanUp, IMeterFactory meters, TimeProvider time, ILogger<NodeTasks> logger)
    {
        (_work, _reporter, _cleanUp, _time, _logger) = (work, reporter, cleanUp, time, logger);
        meters.Create(EngineCalls.MeterName).CreateObservableGauge(
            "orchestrator_agent_containers", CountByState, null, "Containers of this node by the state of their tasks, ended ones that are still kept too.");
    }

    public IReadOnlyCollection<TaskEntry> Entries => [.. _entries.Values];

    public TaskEntry? Find(string taskId) => _entries.GetValueOrDefault(taskId);

    /// <summary>Takes over what the engine has, at the agent's start and after the engine was away.</summary>
    public void Adopt(IReadOnlyList<FoundContainer> containers)
    {
        foreach (var container in containers)
        {
            var entry = _entries.GetOrAdd(container.TaskId, id => new TaskEntry(id, _time));
            Enqueue(entry, "adopt", () => _work.AdoptAsync(entry, container));
        }

        var found = containers.Select(container => container.TaskId).ToHashSet();
        foreach (var entry in _entries.Values.Where(entry => entry.Container is not null && !found.Contains(entry.Id)))
        {
            Enqueue(entry, "miss", () => _work.MissAsync(entry));
        }
    }

    /// <summary>Instructions in any order and more than once. With <paramref name="full"/> they are all there are: what they do not name is told, and left alone.</summary>
    public void Instruct(IReadOnlyList<NodeTask> tasks, bool full)
    {
        var fresh = new List<TaskEntry>();
        foreach (var task in tasks)
        {
            var entry = _entries.GetOrAdd(task.TaskId, id => new TaskEntry(id, _time));
            var age = Take(entry, task);
            if (age == InstructionAge.Stale)
            {
                continue;
            }

            if (age == InstructionAge.Newer && !entry.State.IsFinal() && entry.Container is null)
            {
                fresh.Add(entry);
            }

            Enqueue(entry, "follow", () => FollowAsync(entry));
        }

        // One message acknowledges them all, long before the last has its turn to start.
        _reporter.Report(fresh);
        if (full)
        {
            // Those with an older instruction too: they were given up while this node was away, and may have ended since.
            var named = tasks.Select(task => task.TaskId).ToHashSet();
            foreach (var entry in _entries.Values.Where(entry => !named.Contains(entry.Id)))
            {
                DropIfEnded(entry);
                if (entry.Wanted is null || !entry.State.IsFinal())
                {
                    Enqueue(entry, "tell", () => FollowAsync(entry));
                }
            }
        }
    }

    /// <summary>The scheduler knows these ends.</summary>
    public void EndsTaken(IReadOnlyList<string> taskIds)
    {
        foreach (var taskId in taskIds)
        {
            if (_entries.TryGetValue(taskId, out var entry))
            {
                entry.NeedsNoSuccessor = true;
            }
        }
    }

    /// <summary>Tasks that ended by themselves, and of which no scheduler has said that it knows.</summary>
    public IReadOnlyList<TaskEntry> EndsNotTaken() => [.. _entries.Values.Where(entry =>
        entry is { NeedsNoSuccessor: false, State: TaskState.Failed or TaskState.Completed, Wanted: null or { Desired: DesiredState.Run }, Spec.Restart: not null })];

    /// <summary>All that ended in its slot, the newest last.</summary>
    public IReadOnlyList<SlotEnd> EndsOfSlot(TaskEntry entry) => [.. _entries.Values
        .Where(other => other.State.IsFinal() && other.Place == entry.Place && other.FinishedAt is not null)
        .OrderBy(other => other.FinishedAt)
        .Select(other => new SlotEnd(other.Id, other.State, other.RunningAt, other.FinishedAt!.Value))];

    /// <summary>Whether something of its slot runs here or is about to.</summary>
    public bool IsFollowed(TaskEntry entry) => _entries.Values.Any(other => other != entry && !other.State.IsFinal() && other.Place == entry.Place);

    public void Succeed(TaskEntry ended, string id)
    {
        ended.NeedsNoSuccessor = true;
        var spec = ended.Spec! with { Replaces = ended.Id };
        Instruct([new NodeTask { TaskId = id, Version = 0, Desired = DesiredState.Run, Spec = spec }], full: false);
    }

    /// <summary>The node has had no contact to the cluster for so long.</summary>
    public void CutOff(TimeSpan lasts)
    {
        foreach (var entry in _entries.Values.Where(entry => entry.State == TaskState.Running && entry.Spec?.Disconnect?.StopOnClientAfterSeconds <= lasts.TotalSeconds))
        {
            Enqueue(entry, "cut off", async () =>
            {
                await _work.CutOffAsync(entry, lasts);
                await EndedAsync(entry);
            });
        }
    }

    public void Happened(ContainerEvent containerEvent)
    {
        if (_entries.TryGetValue(containerEvent.TaskId, out var entry))
        {
            Enqueue(entry, containerEvent.Kind.ToString(), async () =>
            {
                await _work.HappenedAsync(entry, containerEvent);
                await EndedAsync(entry);
            });
        }
    }

    private static InstructionAge Take(TaskEntry entry, NodeTask task)
    {
        lock (entry)
        {
            var age = Instructions.AgeOf(entry.Wanted?.Version, task.Version);
            if (age == InstructionAge.Newer)
            {
                entry.Wanted = task;
                entry.Spec = task.Spec ?? entry.Spec;
                if (task.Desired == DesiredState.Stop)
                {
                    entry.Starting.Cancel();
                }
            }

            return age;
        }
    }

    /// <summary>
    /// That nothing follows what has ended may have been said while this node was away, and it is not said twice. Told as one that no instruction names, as
    /// after a restart of the agent, it is answered.
    /// </summary>
    private static void DropIfEnded(TaskEntry entry)
    {
        lock (entry)
        {
            if (entry.State.IsFinal() && entry.Wanted?.Desired == DesiredState.Run)
            {
                entry.Wanted = null;
            }
        }
    }

    private async Task FollowAsync(TaskEntry entry)
    {
        await _work.FollowAsync(entry);
        await EndedAsync(entry);
    }

    private async Task EndedAsync(TaskEntry entry)
    {
        if (!entry.State.IsFinal() || entry.Place is not { } place)
        {
            return;
        }

        var ended = _entries.Values.Where(other => other.State.IsFinal() && other.Place == place).ToList();
        foreach (var taskId in _work.Superfluous(ended))
        {
            if (_entries.TryRemove(taskId, out var old))
            {
                await _work.ForgetAsync(old);
            }
        }

        _cleanUp.Consider(place.App, this);
    }

    /// <summary>Drops all that has ended of an application that has nothing live here.</summary>
    public async Task<bool> ForgetAppAsync(string app)
    {
        var ofApp = _entries.Values.Where(entry => entry.Place?.App == app).ToList();
        if (ofApp.Any(entry => !entry.State.IsFinal()))
        {
            return false;
        }

        foreach (var entry in ofApp)
        {
            await entry.EnqueueAsync(() => _work.ForgetAsync(entry));
        }

        return true;
    }

    private IEnumerable<Measurement<int>> CountByState()
    {
        var counts = _entries.Values.Where(entry => entry.Container is not null).CountBy(entry => entry.State).ToDictionary();
        return Enum.GetValues<TaskState>().Where(state => state is >= TaskState.Preparing and < TaskState.Rejected)
            .Select(state => new Measurement<int>(counts.GetValueOrDefault(state), new KeyValuePair<string, object?>("state", state.ToString())));
    }

    private void Enqueue(TaskEntry entry, string action, Func<Task> what) =>
        _ = entry.EnqueueAsync(async () =>
        {
            try
            {
                await what();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                Log.TaskActionFailed(_logger, entry.Id, action, exception);
            }
        });
}
