using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Tasks;

namespace Orchestrator.NodeAgent.Domain.Tests;

public sealed class ContainerPlannerTests
{
    [Theory]
    [InlineData(DesiredState.Run, TaskState.Assigned, ContainerPhase.Absent, TaskAction.Start)]
    [InlineData(DesiredState.Run, TaskState.Starting, ContainerPhase.Absent, TaskAction.Start)]
    [InlineData(DesiredState.Run, TaskState.Running, ContainerPhase.Absent, TaskAction.ReportGone)]
    [InlineData(DesiredState.Run, TaskState.Assigned, ContainerPhase.Created, TaskAction.StartCreated)]
    [InlineData(DesiredState.Run, TaskState.Running, ContainerPhase.Running, TaskAction.Report)]
    [InlineData(DesiredState.Run, TaskState.Running, ContainerPhase.Ended, TaskAction.Report)]
    [InlineData(DesiredState.Stop, TaskState.Running, ContainerPhase.Absent, TaskAction.ReportStopped)]
    [InlineData(DesiredState.Stop, TaskState.Assigned, ContainerPhase.Created, TaskAction.Discard)]
    [InlineData(DesiredState.Stop, TaskState.Running, ContainerPhase.Running, TaskAction.Stop)]
    [InlineData(DesiredState.Stop, TaskState.Running, ContainerPhase.Ended, TaskAction.Report)]
    public void WhatIsWanted_AgainstWhatIsThere(DesiredState desired, TaskState observed, ContainerPhase phase, TaskAction action) =>
        Assert.Equal(action, ContainerPlanner.Plan(Wanted(desired, observed), phase, ended: false));

    [Fact]
    public void AContainerNobodyNamed_IsTold_AndRunsOn()
    {
        foreach (var phase in Enum.GetValues<ContainerPhase>())
        {
            Assert.Equal(TaskAction.ReportUnknown, ContainerPlanner.Plan(null, phase, ended: false));
        }
    }

    [Fact]
    public void AnEndedTask_NeverStartsAgain()
    {
        foreach (var desired in Enum.GetValues<DesiredState>())
        {
            foreach (var phase in Enum.GetValues<ContainerPhase>())
            {
                Assert.Equal(TaskAction.Report, ContainerPlanner.Plan(Wanted(desired, TaskState.Assigned), phase, ended: true));
            }
        }
    }

    private static NodeTask Wanted(DesiredState desired, TaskState observed) => new() { TaskId = "t", Version = 1, Desired = desired, Observed = observed };
}
