using Orchestrator.Contracts;
using Orchestrator.HealthMonitor.Domain.Tasks;

namespace Orchestrator.HealthMonitor.Domain.Tests;

public sealed class HealthChangesTests
{
    private static readonly Dictionary<string, HealthState> NothingKnown = [];

    [Fact]
    public void OnlyChanges_AreTold_InOrder()
    {
        var changes = HealthChanges.Of(
            new Dictionary<string, HealthState> { ["a"] = HealthState.Healthy },
            [Report("a", HealthState.Healthy), Report("a", HealthState.Unhealthy), Report("a", HealthState.Unhealthy), Report("b", HealthState.Starting), Report("a", HealthState.Healthy)]);
        Assert.Equal(["a Unhealthy", "b Starting", "a Healthy"], changes.Select(change => $"{change.TaskId} {change.Health}"));
    }

    [Fact]
    public void ATaskWithoutACheck_HasNothingToTell() => Assert.Empty(HealthChanges.Of(NothingKnown, [Report("a", HealthState.None), Report("a", HealthState.None)]));

    private static TaskReport Report(string id, HealthState health) => new() { TaskId = id, Version = 1, AgentEpoch = 1, Seq = 1, State = TaskState.Running, Health = health };
}
