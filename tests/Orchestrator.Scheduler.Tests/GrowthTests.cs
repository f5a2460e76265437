using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

/// <summary>What one change costs does not depend on how large the cluster is.</summary>
public sealed class GrowthTests(ITestOutputHelper output)
{
    private const int Small = 8;
    private const int Factor = 10;

    [Fact]
    public async Task AChange_CostsAsMuch_InAClusterTenTimesAsLarge()
    {
        var (fewCalls, fewItems) = await CostAsync(Small);
        var (manyCalls, manyItems) = await CostAsync(Small * Factor);

        // How messages meet is chance: some passes more or less.
        Assert.InRange(manyCalls, 0, fewCalls * 1.5);
        Assert.InRange(manyItems, 0, fewItems * 1.5);
    }

    /// <returns>Of a scale by one task until it runs: calls to the stores, and documents that they answered.</returns>
    private async Task<(int Calls, int Items)> CostAsync(int size)
    {
        var counts = new StoreCounts();
        await using var scheduler = new SchedulerHarness
        {
            Replace = services =>
            {
                counts.Count<IAppStore>(services);
                counts.Count<IServiceStore>(services);
                counts.Count<IRevisionStore>(services);
                counts.Count<ITaskStore>(services);
                counts.Count<IRolloutStore>(services);
                counts.Count<INodeStore>(services);
            },
        };
        await scheduler.InitializeAsync();
        await scheduler.JoinAsync(cpus: 1_000, memory: 1L << 50);
        for (var number = 1; number < size; number++)
        {
            await scheduler.JoinAsync($"other{number}", cpus: 0.05, memory: 1 << 20);
        }

        for (var number = 1; number < size; number++)
        {
            var app = $"app{number}";
            await RunAsync(scheduler, new DeployApp { CommandId = "d" + app, App = app, Spec = new ApplicationSpec { Services = [SchedulerHarness.Web(replicas: 2)] } }, app, tasks: 2);
        }

        await scheduler.RunAsync("d", SchedulerHarness.Web(replicas: 2));
        await SettledAsync(counts);
        counts.Forget();
        await RunAsync(scheduler, new ScaleService { CommandId = "s", App = "shop", Service = "web", Replicas = 3 }, "shop", tasks: 1);
        await SettledAsync(counts);
        output.WriteLine($"{size} nodes and services: {counts.Calls} calls, {counts.Items} documents: {counts}");
        return (counts.Calls, counts.Items);
    }

    private static async Task RunAsync(SchedulerHarness scheduler, object command, string app, int tasks)
    {
        Assert.IsType<CommandAccepted>(await scheduler.AskAsync(command));
        for (var told = 0; told < tasks;)
        {
            var instruction = await scheduler.InstructionAsync(message => message.Tasks.Any(task => task.Spec?.App == app));
            told += instruction.Tasks.Count;
            await scheduler.ReportAsync(TaskState.Running, [.. instruction.Tasks]);
        }

        var running = 0;
        while (running < tasks)
        {
            running += (await scheduler.EventAsync<TasksChanged>(changed => changed.App == app && changed.Tasks.Any(task => task.State == TaskState.Running))).Tasks.Count(task => task.State == TaskState.Running);
        }
    }

    /// <summary>Nothing was asked of the stores for a while.</summary>
    private static async Task SettledAsync(StoreCounts counts)
    {
        const int quietLooks = 30;
        var (before, quiet) = (-1, 0);
        await SchedulerHarness.UntilAsync(
            () =>
            {
                quiet = counts.Calls == before ? quiet + 1 : 0;
                before = counts.Calls;
                return Task.FromResult(quiet);
            },
            looks => looks >= quietLooks);
    }
}
