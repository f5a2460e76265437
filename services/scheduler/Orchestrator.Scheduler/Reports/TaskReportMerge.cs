using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Reports;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reports;

/// <summary>What a report makes of a stored task.</summary>
internal static class TaskReportMerge
{
    /// <param name="task">As stored.</param>
    /// <param name="report">What its node tells.</param>
    /// <param name="nodeAnswers">The node is not held for lost.</param>
    /// <param name="now">The time of the decision.</param>
    /// <returns>Null when the report says nothing new.</returns>
    public static TaskDocument? Merge(TaskDocument task, TaskReport report, bool nodeAnswers, DateTimeOffset now)
    {
        if (!TaskProgress.IsNewer((report.AgentEpoch, report.Seq), (task.AgentEpoch, task.AgentSeq)))
        {
            return null;
        }

        var applied = Math.Max(task.AppliedVersion, report.Version);
        var acknowledged = task with
        {
            AgentEpoch = report.AgentEpoch,
            AgentSeq = report.Seq,
            AppliedVersion = applied,
            InstructDueAt = applied >= task.InstructionVersion ? null : task.InstructDueAt,
            UpdatedAt = now,
        };
        if (task.State.IsFinal())
        {
            // The engine may tell the cause after the end.
            var cause = report.OutOfMemory && !task.OutOfMemory && report.State == task.State;
            return acknowledged with
            {
                InstructDueAt = null,
                OutOfMemory = cause || task.OutOfMemory,
                Message = cause ? report.Message : task.Message,
                LastLines = report.LastLines.Count > 0 ? report.LastLines : task.LastLines,
            };
        }

        var state = TaskProgress.Advance(task.State, report.State);
        var ready = report.Ready && state == TaskState.Running;
        var returned = task.NodeLost && nodeAnswers && !state.IsFinal();
        var matters = returned || ready != task.Ready || (report.Address is not null && report.Address != task.Address) || (state != task.State && state >= TaskState.Running);
        return acknowledged with
        {
            State = state,
            Ready = ready,
            ReadySince = ready ? task.ReadySince ?? now : state.IsFinal() ? task.ReadySince : null,

            // One that is to stop has no slot to take again: it is waited for like any other.
            NodeLost = task.NodeLost && !(returned && task.Desired == DesiredState.Stop),
            NodeReturned = (task.NodeReturned || returned) && task.Desired == DesiredState.Run && !state.IsFinal(),
            Health = report.Health,
            Message = report.Message ?? (task.Desired == DesiredState.Stop ? task.Message : null),
            ExitCode = report.ExitCode ?? task.ExitCode,
            OutOfMemory = report.OutOfMemory || task.OutOfMemory,
            LastLines = report.LastLines.Count > 0 ? report.LastLines : task.LastLines,
            ContainerId = report.ContainerId ?? task.ContainerId,
            Address = report.Address ?? task.Address,
            Ports = report.Ports.Count > 0 ? report.Ports : task.Ports,
            EngineSeconds = report.EngineSeconds ?? task.EngineSeconds,
            RunningAt = task.RunningAt ?? report.RunningAt,
            FinishedAt = state.IsFinal() ? report.FinishedAt ?? now : null,
            InstructDueAt = state.IsFinal() ? null : acknowledged.InstructDueAt,
            DirtySince = matters ? task.DirtySince ?? now : task.DirtySince,
        };
    }
}
