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

    /// <summary>The one that comes after stops what ran on without the first, as engines do unless told otherwise.</summary>
    [Fact]
    public async Task AnEngineThatIsKilled_LeavesItsContainersServing_AndAfterItsStart_EachSlotRunsOnce_AndIsReached()
    {
        await ReachedAsync();
        var (shop, ways) = (await cluster.TasksAsync("shop"), await WaysAsync());
        var engine = await cluster.Lab.RunAsync("exec", $"{Restarted}", "cat", "/run/docker.pid");
        await cluster.Lab.RunAsync("exec", $"{Restarted}", "kill", "-9", engine);
        await Until.IsAsync(() => Task.FromResult(Lab.Lives(engine)), lives => !lives, "the engine is dead");
        Assert.StartsWith("shop version 1", await cluster.Lab.GetAsync(shop[1], shop[Restarted].Address + ":8080"), StringComparison.Ordinal);

        await cluster.Lab.RunAsync("start", $"{Restarted}");
        await Until.IsAsync(
            async () =>
            {
                Assert.Distinct(await SlotsAsync());
                return await LackAsync();
            },
            lack => lack.Length == 0,
            "all tasks are reached",
            Deadline);
        Assert.Equal(["1", "2"], (await SlotsAsync()).Order(StringComparer.Ordinal));
        await Until.IsAsync(WaysAsync, now => now == ways, "the ways are as before");
    }

    /// <returns>Of shop's containers that run.</returns>
    private async Task<IReadOnlyList<string>> SlotsAsync() =>
        [.. (await Task.WhenAll(new[] { 1, 2 }.Select(node => cluster.Lab.DockerAsync(node, "ps", "--filter", "label=orchestrator.app=shop", "--format", "{{.Label \"orchestrator.slot\"}}"))))
            .SelectMany(slots => slots.Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    /// <returns>Routes into the cluster's network, its devices, and what the engine lets through for it.</returns>
    private Task<string> WaysAsync() => cluster.Lab.RunAsync(
        "exec", $"{Restarted}", "sh", "-c", "ip -4 route show | grep '^10\\.1[2-4]' | sort; ip -o link show type vxlan | cut -d: -f2; iptables -S DOCKER-USER; nft list tables ip | grep orch-");

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
                if (await cluster.Lab.GetAsync(from, to.Address + ":8080") is var page && !IsPage(page))
                {
                    return $"{to} from {from}: {page}";
                }

                var pages = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => cluster.Lab.GetAsync(from, "web:8080")));
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
