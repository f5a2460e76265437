using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Tasks;

/// <summary>What to do about one task: what is wanted against what the engine has. One task is one attempt: nothing is started twice.</summary>
public static class ContainerPlanner
{
    /// <param name="wanted">The newest instruction; null when none names the task.</param>
    /// <param name="phase">How far its container is.</param>
    /// <param name="ended">The task has been told as final by this agent already.</param>
    public static TaskAction Plan(NodeTask? wanted, ContainerPhase phase, bool ended)
    {
        if (wanted is null)
        {
            return TaskAction.ReportUnknown;
        }

        if (ended)
        {
            return TaskAction.Report;
        }

        return (wanted.Desired, phase) switch
        {
            (DesiredState.Run, ContainerPhase.Absent) when wanted.Observed >= TaskState.Running => TaskAction.ReportGone,
            (DesiredState.Run, ContainerPhase.Absent) => TaskAction.Start,
            (DesiredState.Run, ContainerPhase.Created) => TaskAction.StartCreated,
            (DesiredState.Stop, ContainerPhase.Absent) => TaskAction.ReportStopped,
            (DesiredState.Stop, ContainerPhase.Created) => TaskAction.Discard,
            (DesiredState.Stop, ContainerPhase.Running) => TaskAction.Stop,
            _ => TaskAction.Report,
        };
    }
}
