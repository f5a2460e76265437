using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Reports;

/// <summary>Which reports count.</summary>
public static class TaskProgress
{
    /// <summary>Newer by the agent's epoch, then by its number in the epoch.</summary>
    public static bool IsNewer((long Epoch, long Seq) report, (long Epoch, long Seq) known) =>
        report.CompareTo(known) > 0;

    /// <summary>States never go back, and an end is an end.</summary>
    public static TaskState Advance(TaskState known, TaskState reported) =>
        known.IsFinal() || reported < known ? known : reported;
}
