using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <summary>The tasks of one slot. A live task is current when it is of the wanted template, else old.</summary>
internal sealed class Slot
{
    private readonly ServiceSnapshot _service;
    private readonly IReadOnlyList<TaskSnapshot> _tasks;
    private readonly IReadOnlyList<TaskSnapshot> _current;
    private readonly IReadOnlyList<TaskSnapshot> _old;
    private readonly IReadOnlyList<TaskSnapshot> _neverPlaced;
    private readonly IReadOnlyList<TaskSnapshot> _ended;

    public Slot(ServiceSnapshot service, int number, IReadOnlyList<TaskSnapshot> tasks)
    {
        _service = service;
        _tasks = tasks;
        Number = number;

        // The task that stays is the ready one, then the oldest: the others came by a race and go.
        _current = [.. tasks.Where(task => task.IsLive && IsWanted(task) && task.LeaveReason is null)
            .OrderByDescending(task => task.Ready).ThenBy(task => task.CreatedAt).ThenBy(task => task.Id, StringComparer.Ordinal)];
        _old = [.. tasks.Where(task => task.IsLive && (!IsWanted(task) || task.LeaveReason is not null) && task.State != TaskState.Pending)];
        _neverPlaced = [.. tasks.Where(task => task.IsLive && !IsWanted(task) && task.State == TaskState.Pending)];
        var newest = tasks.Where(task => !task.IsAround).MaxBy(task => task.Attempt);

        // Attempts of another revision are history, but work that was completed need not be done again.
        _ended = [.. tasks.Where(task => !task.IsAround && IsWanted(task)
            && (task.Revision == service.Revision || (task == newest && task.State == TaskState.Completed)))];
    }

    public int Number { get; }

    public bool HasCurrent => _current.Count > 0;

    public bool HasOld => _old.Count > 0;

    public bool IsOccupied => _tasks.Any(task => task.IsAround);

    /// <summary>A task of it may hold something on a node: one that never found a node holds nothing.</summary>
    public bool IsOnANode => _tasks.Any(task => task.IsAround && task.State != TaskState.Pending);

    /// <summary>The next task may be refused the node of one that is there. One that leaves its node is in nobody's way: the next goes elsewhere.</summary>
    public bool IsInItsOwnWay => _tasks.Any(task => task.IsAround && task.State != TaskState.Pending && task.LeaveReason is null);

    private bool IsReady => _current.Count > 0 && _current[0].Ready;

    public NextAttempt Next(DateTimeOffset now) => SlotHistory.Next(_ended, _service.Restart, now);

    /// <summary>It was started on the wanted template and is not ready: it uses up the budget.</summary>
    public bool IsOnItsWay(DateTimeOffset now) =>
        (HasCurrent && !IsReady)
        || (!HasCurrent && _ended.Any(task => task.Desired == DesiredState.Run) && !Next(now).Ended)
        || (_service.StopFirst && !HasCurrent && !HasOld && IsOnANode);

    public bool IsConverged(DateTimeOffset now) =>
        HasCurrent
            ? IsReady && _current.Count == 1 && _tasks.Count(task => task.IsAround) == 1
            : !IsOccupied && Next(now) is { Ended: true, Failures: 0 };

    public bool IsFailing(DateTimeOffset now)
    {
        if (IsReady || _ended.Count == 0)
        {
            return false;
        }

        var next = Next(now);
        return next.Failures >= SlotHistory.FailuresToFail || (next is { Ended: true, Failures: > 0 } && !HasCurrent);
    }

    public string FailureReason()
    {
        var last = _ended.OrderByDescending(task => task.FinishedAt ?? task.CreatedAt).ThenByDescending(task => task.Attempt).First();
        return $"slot {Number}: {last.Message ?? last.State.ToString()}";
    }

    public IEnumerable<StopTask> StopAll(string reason) =>
        _tasks.Where(task => task.Desired == DesiredState.Run && !task.State.IsFinal()).Select(task => new StopTask(task.Id, reason));

    /// <summary>Old tasks go when a current one is ready, or at once when no node ever had them; of several current ones one stays.</summary>
    public IEnumerable<StopTask> StopWhatIsReplaced() =>
        _current.Skip(1).Select(task => new StopTask(task.Id, "the slot has another task"))
            .Concat(_neverPlaced.Select(task => new StopTask(task.Id, "replaced by another revision before it found a node")))
            .Concat(IsReady ? StopOld("replaced by another revision") : []);

    public IEnumerable<StopTask> StopOld(string reason) => _old.Select(task => new StopTask(task.Id, task.LeaveReason ?? reason));

    public NewTask NewTask()
    {
        var attempt = 1 + _tasks.Select(task => task.Attempt).DefaultIfEmpty(0).Max();
        return _service.GlobalSlots?[Number] is { } nodeId
            ? new NewTask(TaskIds.Derive(_service.Id, nodeId, _service.Revision, attempt), Number, attempt, nodeId)
            : new NewTask(TaskIds.Derive(_service.Id, Number, _service.Revision, attempt), Number, attempt, _old.Select(task => task.MovesTo).FirstOrDefault(node => node is not null));
    }

    /// <summary>All ended tasks but the newest <paramref name="kept"/>; the highest attempt stays, so that its number is not given again.</summary>
    public IEnumerable<string> Forgettable(int kept)
    {
        var highest = _tasks.Max(task => task.Attempt);
        return _tasks
            .Where(task => task.State.IsFinal())
            .OrderByDescending(task => task.Attempt)
            .ThenBy(task => task.Id, StringComparer.Ordinal)
            .Skip(kept)
            .Where(task => task.Attempt != highest)
            .Select(task => task.Id);
    }

    private bool IsWanted(TaskSnapshot task) => task.TemplateHash == _service.TemplateHash;
}
