using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Reconcile;
using Orchestrator.Scheduler.Domain.Rollouts;

namespace Orchestrator.Scheduler.Domain.Tests.Rollouts;

/// <summary>A service whose tasks go over to another revision: plans are carried out, and the rollout is judged, as the scheduler does.</summary>
internal sealed class World
{
    public const int OldRevision = 1;
    public const int NewRevision = 2;

    public World(int replicas, RolloutPolicy policy)
    {
        Replicas = replicas;
        Now = A.Now;
        Rollout = new RolloutView { State = RolloutState.Progressing, Policy = policy, HasStable = true, StartedAt = Now, ProgressAt = Now };
        Tasks = [.. Enumerable.Range(1, replicas).Select(slot => A.Task(slot, hash: A.Old, readyFor: TimeSpan.FromHours(1)))];
    }

    public int Replicas { get; set; }
    public DateTimeOffset Now { get; set; }
    public RolloutView Rollout { get; set; }
    public IReadOnlyList<TaskSnapshot> Tasks { get; set; }
    public RolloutBudget Budget => RolloutBudgets.Of(Rollout, Replicas);
    public int Live => Tasks.Count(task => task.IsLive);
    public int Served => Tasks.Where(task => task is { IsLive: true, Ready: true } && task.Slot <= Replicas).DistinctBy(task => task.Slot).Count();
    public IReadOnlyList<int> NewSlots => [.. Tasks.Where(task => task.IsLive && task.Revision == NewRevision).Select(task => task.Slot).Order()];
    public IReadOnlyList<int> OldSlots => [.. Tasks.Where(task => task.IsLive && task.Revision == OldRevision).Select(task => task.Slot).Order()];

    public ServiceSnapshot Service => A.Service(Replicas, NewRevision) with { Budget = Budget, Keep = new KeptRevision(OldRevision, A.Old, new RestartPolicy()) };

    public ReconcilePlan Plan() => ServiceReconciler.Plan(Service, Tasks, Now);

    /// <summary>One pass: the plan is carried out, the rollout is judged.</summary>
    public ReconcilePlan Step()
    {
        var plan = Plan();
        Apply(plan);
        Judge(plan.Counts);
        return plan;
    }

    /// <summary>All that is told to stop has stopped, all that was started is ready; the time goes on.</summary>
    public void Obey(TimeSpan after)
    {
        Now += after;
        Tasks = [.. Tasks.Select(task => task switch
        {
            _ when task.State.IsFinal() => task,
            { Desired: DesiredState.Stop } => task with { State = TaskState.Stopped, Ready = false, FinishedAt = Now },
            _ => Run(task),
        })];
    }

    public TaskSnapshot Run(TaskSnapshot task) =>
        task with { State = TaskState.Running, Ready = true, RunningAt = task.RunningAt ?? Now, ReadySince = task.ReadySince ?? Now };

    public TaskSnapshot Fail(TaskSnapshot task) => task with { State = TaskState.Failed, Ready = false, FinishedAt = Now, Message = "exit 1" };

    /// <summary>New tasks that are not ready yet fail.</summary>
    public void FailNew() => Tasks = [.. Tasks.Select(task => task is { IsLive: true, Revision: NewRevision } ? Fail(task) : task)];

    public void Promote() => Rollout = Rollout with { State = RolloutState.Progressing, Stage = Rollout.Stage + 1, ProgressAt = Now };

    public void Judge(RolloutCounts counts)
    {
        if (Rollout.State is not (RolloutState.Progressing or RolloutState.AwaitingPromotion or RolloutState.Monitoring))
        {
            return;
        }

        var progress = counts.Done > (Rollout.Counts?.Done ?? 0);
        Rollout = Rollout with { Counts = counts, ProgressAt = progress ? Now : Rollout.ProgressAt };
        var verdict = RolloutJudge.Judge(Rollout, Now).Verdict;
        Rollout = verdict switch
        {
            RolloutVerdict.Hold => Rollout with { State = RolloutState.AwaitingPromotion },
            RolloutVerdict.Advance => Rollout with { State = RolloutState.Progressing, Stage = Rollout.Stage + 1 },
            RolloutVerdict.Monitor when Rollout.State == RolloutState.Monitoring => Rollout,
            RolloutVerdict.Monitor => Rollout with { State = RolloutState.Monitoring, MonitorUntil = Now.AddSeconds(Rollout.Policy.MonitorSeconds) },
            RolloutVerdict.Complete => Rollout with { State = RolloutState.Completed },
            RolloutVerdict.Pause => Rollout with { State = RolloutState.Paused },
            RolloutVerdict.RollBack => Rollout with { State = RolloutState.RollingBack },
            RolloutVerdict.Fail => Rollout with { State = RolloutState.Failed },
            _ => Rollout with { State = RolloutState.Progressing, MonitorUntil = null },
        };
    }

    private void Apply(ReconcilePlan plan)
    {
        var stop = plan.Stop.Select(item => item.Id).ToHashSet();
        Tasks =
        [
            .. Tasks.Where(task => !plan.Forget.Contains(task.Id)).Select(task => !stop.Contains(task.Id) ? task
                : task.State == TaskState.Pending ? task with { Desired = DesiredState.Stop, State = TaskState.Stopped, FinishedAt = Now }
                : task with { Desired = DesiredState.Stop }),
            .. plan.Create.Select(task => new TaskSnapshot
            {
                Id = $"{task.Slot}-{task.Attempt}",
                Slot = task.Slot,
                Attempt = task.Attempt,
                Revision = task.Revision,
                TemplateHash = task.Revision == NewRevision ? A.Wanted : A.Old,
                State = TaskState.Assigned,
                CreatedAt = Now,
            }),
        ];
    }
}
