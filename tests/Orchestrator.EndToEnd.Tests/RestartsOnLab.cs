namespace Orchestrator.EndToEnd.Tests;

/// <summary>What is under a node goes and comes back: its tasks are reached again as before.</summary>
[Collection(nameof(WithLabCluster))]
[Trait("Lane", "faults")]
public sealed class RestartsOnLab(LabCluster cluster)
{
    private const int Restarted = 2;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task AMachineThatIsPoweredOffAndOn_HasItsRulesAgain_AndItsTasksAreReached()
    {
        await ReachedAsync();
        await cluster.Lab.RunAsync("kill", $"{Restarted}");
        await cluster.Lab.RunAsync("start", $"{Restarted}");
        await ReachedAsync();
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task AnEngineThatEnds_AndIsStartedAgain_HasContainersThatAreReached(string signal)
    {
        await ReachedAsync();
        var engine = await cluster.Lab.RunAsync("exec", $"{Restarted}", "cat", "/run/docker.pid");
        await cluster.Lab.RunAsync("exec", $"{Restarted}", "kill", "-" + signal, engine);
        await Until.IsAsync(() => Task.FromResult(Lab.Lives(engine)), lives => !lives, "the engine has ended");
        await cluster.Lab.RunAsync("start", $"{Restarted}");
        await ReachedAsync();
    }

    /// <summary>By address and by name, both ways.</summary>
    private async Task ReachedAsync()
    {
        var shop = await Until.IsAsync(() => cluster.TasksAsync("shop"), tasks => tasks.Count == 2, "a task is ready on each node", Deadline);
        foreach (var (from, to) in new[] { (shop[1], shop[2]), (shop[2], shop[1]) })
        {
            await Until.IsAsync(() => cluster.GetAsync(from, to.Address + ":8080"), IsPage, $"node {to.Node} is reached from node {from.Node}", Deadline);
            var pages = new HashSet<string>();
            await Until.IsAsync(() => cluster.GetAsync(from, "web:8080"), page => IsPage(page) && pages.Add(page) && pages.Count == 2, $"both tasks answer node {from.Node} by their service's name", Deadline);
        }
    }

    private static bool IsPage(string page) => page.StartsWith("shop version 1", StringComparison.Ordinal);
}
