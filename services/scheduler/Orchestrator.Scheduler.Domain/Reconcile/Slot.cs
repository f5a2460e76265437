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
        _old = [.. tasks.Where(task => task.IsLive && (!IsWanted(task) || task.LeaveReason is not null) && (task.State != TaskState.Pending || IsKept(task)))
            .OrderByDescending(task => task.Ready).ThenByDescending(IsKept).ThenBy(task => task.CreatedAt).ThenBy(task => task.Id, StringComparer.Ordinal)];
        _neverPlaced = [.. tasks.Where(task => task.IsLive && !IsWanted(task) && task.State == TaskState.Pending && !IsKept(task))];
        var newest = tasks.Where(task => !task.IsAround).MaxBy(task => task.Attempt);

        // Attempts of another revision are history, but work that was completed need not be done again.
        _ended = [.. tasks.Where(task => !task.IsAround && IsWanted(task)
            && (task.Revision == service.Revision || (task == newest && task.State == TaskState.Completed)))];
    }

    public int Number { get; }

    public bool HasCurrent => _current.Count > 0;

    public bool HasOld => _old.Count > 0;

    public int OldCount => _old.Count;

    public bool HasReadyOld => HasOld && _old[0].Ready;

    /// <summary>Some task of it serves.</summary>
    public bool IsServed => IsReady || HasReadyOld;

    public bool IsOccupied => _tasks.Any(task => task.IsAround);

    /// <summary>The next task may be refused the node of one that is there. One that leaves its node is in nobody's way: the next goes elsewhere.</summary>
    public bool IsInItsOwnWay => _tasks.Any(task => task.IsAround && task.State != TaskState.Pending && task.LeaveReason is null);

    /// <summary>Its old task gives up its node, so its successor is no task too many.</summary>
    public bool OldLeaves => HasOld && _old.All(task => task.LeaveReason is not null);

    /// <summary>It has, or had, a task of the wanted template that was not told to stop.</summary>
    public bool HasBegun => HasCurrent || _ended.Any(task => task.Desired == DesiredState.Run);

    /// <summary>Its old task was stopped to make room for the new one, which is not there yet.</summary>
    public bool IsBetween => _service.Budget.StopFirst && !HasCurrent && !HasOld && IsInItsOwnWay;

    private bool IsReady => HasCurrent && _current[0].Ready;

    public NextAttempt Next(DateTimeOffset now) => SlotHistory.Next(_ended, _service.Restart, now);

    public NextAttempt NextOfKept(DateTimeOffset now) =>
        SlotHistory.Next(_tasks.Where(task => !task.IsAround && IsKept(task)), _service.Keep!.Restart, now);

    public IEnumerable<StopTask> StopAll(string reason) =>
        _tasks.Where(task => task.Desired == DesiredState.Run && !task.State.IsFinal()).Select(task => new StopTask(task.Id, reason));

    /// <summary>It was started on the wanted template and is not done: it uses up the budget.</summary>
    public bool IsOnItsWay(DateTimeOffset now) =>
        (HasCurrent && !IsDone(now))
        || (!HasCurrent && _ended.Any(task => task.Desired == DesiredState.Run) && !Next(now).Ended)
        || IsBetween;

    /// <summary>It is on its way, or was done so lately that the next one waits.</summary>
    public bool HoldsShare(DateTimeOffset now) =>
        IsOnItsWay(now) || (DoneAt is { } done && done + _service.Budget.Delay > now);

    /// <summary>A current task is ready, and one of this revision has been for long enough.</summary>
    public bool IsDone(DateTimeOffset now) => IsReady && (DoneAt is not { } done || done <= now);

    public bool IsConverged(DateTimeOffset now) =>
        HasCurrent
            ? IsDone(now) && _current.Count == 1 && _tasks.Count(task => task.IsAround) == 1
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

    /// <summary>When it will be done, free its share or be late though nothing changes.</summary>
    public IEnumerable<DateTimeOffset> Due(DateTimeOffset now)
    {
        var budget = _service.Budget;
        if (DoneAt is { } done)
        {
            return ((DateTimeOffset[])[done, done + budget.Delay]).Where(at => at > now);
        }

        return HasCurrent && !IsReady && budget.HealthyDeadline < TimeSpan.MaxValue && _current[0].State > TaskState.Pending
            ? ((DateTimeOffset[])[_current[0].CreatedAt + budget.HealthyDeadline]).Where(at => at > now)
            : [];
    }

    /// <summary>Of two current tasks one stays, of two old ones too; the old one goes when a current one is done, unless it is kept.</summary>
    public IEnumerable<StopTask> StopWhatIsReplaced(DateTimeOffset now) =>
        _current.Skip(1).Select(task => new StopTask(task.Id, "the slot has another task"))
            .Concat(_neverPlaced.Select(task => new StopTask(task.Id, "replaced by another revision before it found a node")))
            .Concat(IsDone(now) && !_service.Budget.KeepOld
                ? StopOld("replaced by another revision")
                : _old.Skip(1).Select(task => new StopTask(task.Id, "the slot has another task")));

    public IEnumerable<StopTask> StopOld(string reason) => _old.Select(task => new StopTask(task.Id, task.LeaveReason ?? reason));

    public NewTask NewTask() => NewTask(_service.Revision);

    public NewTask NewTask(int revision)
    {
        var attempt = 1 + _tasks.Select(task => task.Attempt).DefaultIfEmpty(0).Max();
        return _service.GlobalSlots?[Number] is { } nodeId
            ? new NewTask(TaskIds.Derive(_service.Id, nodeId, revision, attempt), Number, attempt, revision, nodeId)
            : new NewTask(TaskIds.Derive(_service.Id, Number, revision, attempt), Number, attempt, revision, _old.Select(task => task.MovesTo).FirstOrDefault(node => node is not null));
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

    /// <summary>Only of a ready task of this revision; one that was there before has nothing to prove.</summary>
    private DateTimeOffset? DoneAt =>
        IsReady && _current[0].Revision == _service.Revision && _current[0].ReadySince is { } since ? since + _service.Budget.MinHealthy : null;

    private bool IsWanted(TaskSnapshot task) => task.TemplateHash == _service.TemplateHash;

    private bool IsKept(TaskSnapshot task) => task.TemplateHash == _service.Keep?.TemplateHash;
}
