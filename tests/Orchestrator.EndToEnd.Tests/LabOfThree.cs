namespace Orchestrator.EndToEnd.Tests;

/// <summary>A cluster of three nodes, which the tests of one class take apart.</summary>
public sealed class LabOfThree : LabClusterFixture
{
    // What is removed by hand shall not be found lost before.
    protected override async Task<Lab> UpAsync(Mongo mongo) =>
        await Lab.ClusterUpAsync(mongo, 3, new Dictionary<string, string> { ["HealthMonitor__LostAfter"] = "00:02:00" }, await Engine.ImageAsync(1));

    protected override Task FillAsync() => Task.CompletedTask;
}
