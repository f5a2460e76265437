namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <summary>Which slots go a step further within the budget: what is replaced goes, what is missing comes, and some slots begin.</summary>
internal sealed class StepPlanner(ServiceSnapshot service, IReadOnlyList<Slot> wanted, int failures, DateTimeOffset now)
{
    private readonly List<NewTask> _create = [];
    private readonly List<StopTask> _stop = [];
    private readonly List<DateTimeOffset> _lookAgain = [];
    private readonly int _replicas = wanted.Count;
    private int _live;
    private int _served;
    private int _share;
    private int _begun;

    private bool IsPaused => service.Budget.Paused || failures > service.Budget.MaxFailures || !service.MayStart;

    public (IReadOnlyList<NewTask> Create, IReadOnlyList<StopTask> Stop, IReadOnlyList<DateTimeOffset> LookAgain) Plan()
    {
        foreach (var slot in wanted)
        {
            _stop.AddRange(slot.StopWhatIsReplaced(now));
            _lookAgain.AddRange(slot.Due(now));
        }

        var budget = service.Budget;
        _live = wanted.Sum(LiveAfterwards);
        _served = wanted.Count(slot => slot.IsServed);
        _share = Math.Max(1, budget.Parallelism) - wanted.Count(slot => slot.HoldsShare(now));
        _begun = wanted.Count(slot => slot.HasBegun || slot.IsBetween);
        foreach (var slot in wanted.Where(slot => slot.HasBegun && !slot.HasCurrent))
        {
            TryAgain(slot);
        }

        // What serves nobody goes first: replacing it costs nothing.
        foreach (var slot in wanted.Where(slot => !slot.HasBegun && !slot.IsBetween).OrderBy(slot => slot.HasOld).ThenBy(slot => slot.HasReadyOld).ThenBy(slot => slot.Number))
        {
            if (slot.HasOld)
            {
                BeginBeside(slot);
            }
            else
            {
                FillEmpty(slot);
            }
        }

        return (_create, _stop, _lookAgain);
    }

    private void TryAgain(Slot slot)
    {
        if (IsPaused && service.Keep is not null)
        {
            FillWithKept(slot);
        }
        else if (!IsPaused && slot.Next(now) is { Ended: false } next)
        {
            if (next.NotBefore > now)
            {
                _lookAgain.Add(next.NotBefore.Value);
            }
            else
            {
                Replace(slot);
            }
        }
    }

    private void BeginBeside(Slot slot)
    {
        if (MayBegin(slot) && Replace(slot))
        {
            _share--;
            _begun++;
        }
    }

    private void FillEmpty(Slot slot)
    {
        if (service.Keep is not null && !MayBegin(slot))
        {
            FillWithKept(slot);
        }
        else if (!IsPaused && slot.Next(now) is { Ended: false } && Replace(slot))
        {
            _share--;
            _begun++;
        }
    }

    private bool MayBegin(Slot slot) => !IsPaused && _share > 0 && _begun < service.Budget.New && slot.Next(now) is { Ended: false };

    private void FillWithKept(Slot slot)
    {
        if (slot.HasOld || (service.Budget.StopFirst && slot.IsInItsOwnWay) || slot.NextOfKept(now) is not { Ended: false } next)
        {
            return;
        }

        if (next.NotBefore > now)
        {
            _lookAgain.Add(next.NotBefore.Value);
        }
        else
        {
            Create(slot.NewTask(service.Keep!.Number));
        }
    }

    /// <summary>Starts the new task, or stops the old one where that comes first.</summary>
    private bool Replace(Slot slot)
    {
        var budget = service.Budget;
        if (!budget.StopFirst || !slot.IsInItsOwnWay)
        {
            return Create(slot.NewTask());
        }

        if (!slot.HasOld || (slot.HasReadyOld && _served - 1 < _replicas - budget.Unavailable))
        {
            return false;
        }

        _stop.AddRange(slot.StopOld("replaced by another revision, stop first"));
        _served -= slot.HasReadyOld ? 1 : 0;
        _live -= 1;
        return true;
    }

    private bool Create(NewTask task)
    {
        if (_live >= (long)_replicas + service.Budget.Surge)
        {
            return false;
        }

        _live++;
        _create.Add(task);
        return true;
    }

    private int LiveAfterwards(Slot slot) =>
        (slot.HasCurrent ? 1 : 0) + (slot.HasOld && !slot.OldLeaves && (service.Budget.KeepOld || !slot.IsDone(now)) ? 1 : 0);
}
