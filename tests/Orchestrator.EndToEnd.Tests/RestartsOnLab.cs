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

    [Fact]
    public async Task AnEngineThatIsStartedAgain_HasContainersThatAreReached()
    {
        await ReachedAsync();
        var engine = await cluster.Lab.RunAsync("exec", $"{Restarted}", "cat", "/run/docker.pid");
        await cluster.Lab.RunAsync("exec", $"{Restarted}", "kill", engine);
        await Until.IsAsync(() => Task.FromResult(Lab.Lives(engine)), lives => !lives, "the engine has ended");

        await cluster.Lab.RunAsync("start", $"{Restarted}");
        await ReachedAsync();
    }

    /// <summary>By address and by name, both ways. A task that has ended is told of as ready until its node has said so: all is looked at anew each time.</summary>
    private async Task ReachedAsync() => await Until.IsAsync(LackAsync, lack => lack.Length == 0, "all tasks are reached", Deadline);

    private async Task<string> LackAsync()
    {
        try
        {
            var shop = await cluster.TasksAsync("shop");
            if (shop.Count < 2)
            {
                return "a task on each node";
            }

            foreach (var (from, to) in new[] { (shop[1], shop[2]), (shop[2], shop[1]) })
            {
                if (await cluster.GetAsync(from, to.Address + ":8080") is var page && !IsPage(page))
                {
                    return $"{to} from {from}: {page}";
                }

                var pages = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => cluster.GetAsync(from, "web:8080")));
                if (!pages.All(IsPage) || pages.Distinct().Count() != 2)
                {
                    return $"both tasks by their service's name from {from}: {string.Join(" | ", pages)}";
                }
            }

            return "";
        }
        catch (InvalidOperationException exception)
        {
            // A container that is no more, or an engine that does not answer yet.
            return exception.Message;
        }
    }

    private static bool IsPage(string page) => page.StartsWith("shop version 1", StringComparison.Ordinal);
}
