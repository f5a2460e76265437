using System.Globalization;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>Machines that join with their agents in containers. Builds the agent's image: minutes.</summary>
[Collection(nameof(ComposedCluster))]
[Trait("Lane", "compose")]
public sealed class AgentsInContainers : IAsyncLifetime
{
    private const int Port = 18_093;
    private ContainedAgents? _machines;

    private ContainedAgents Machines => _machines!;

    public async ValueTask InitializeAsync()
    {
        var missing = await ContainedAgents.FindMissingAsync();
        Assert.SkipUnless(missing is null, missing ?? "");
        _machines = await ContainedAgents.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_machines is not null)
        {
            await _machines.DisposeAsync();
        }
    }

    [Fact]
    public async Task OnTwoMachines_TheirContainersReachEachOther_AlsoWhileAgentsAreAway_AndUninstallLeavesNothing()
    {
        var before = await Task.WhenAll(ContainedAgents.Machines.Select(Machines.TracesAsync));
        await Task.WhenAll(ContainedAgents.Machines.Select(Machines.JoinAsync));
        await Until.IsAsync(Machines.Control.Api.ReadyNodesAsync, ready => ready == ContainedAgents.Machines.Count, "both machines are ready");
        await Machines.DeployAsync("shop", LabCluster.Web(2, $"    ports: [\"{Port}:8080\"]"));

        await ContainersReachEachOther_WithPacketsOfAnySizeAsync();
        await ReachedAsync();
        await AnyMachineAnswersAtThePublishedPortAsync();
        await WhileTheAgentIsStopped_NamesAreAnsweredAsync();
        await WhatAnswersNames_ComesBackWhenSomebodyRemovesItAsync();
        await ARestartOfTheAgent_BreaksNoConnectionAsync();
        await ALaterImage_AnswersNamesTooAsync();
        await AMachinePoweredOffAndOn_IsBackByItselfAsync();
        await UninstallLeavesNothingAsync(before);
    }

    private async Task ContainersReachEachOther_WithPacketsOfAnySizeAsync()
    {
        var shop = await ShopAsync();
        foreach (var size in new[] { "56", "1422", "20000" })
        {
            var ping = await Machines.Lab.InAsync(shop[1], 10, "ping", "-c", "2", "-W", "2", "-s", size, shop[2].Address);
            Assert.True(ping.ExitCode == 0, $"{size}: {ping.Output}");
        }
    }

    /// <summary>By address, by name and through the service's address, both ways.</summary>
    private async Task ReachedAsync()
    {
        var shop = await ShopAsync();
        foreach (var (from, to) in new[] { (shop[1], shop[2]), (shop[2], shop[1]) })
        {
            await Until.IsAsync(() => Machines.Lab.GetAsync(from, to.Address + ":8080"), IsPage, $"{to} is reached from {from}");
            var vip = (await Until.IsAsync(() => Machines.Lab.LookUpAsync(from, "web"), found => found.Count == 1, "the service has a name"))[0];
            Assert.Equal([vip], await Machines.Lab.LookUpAsync(from, "web.shop"));
            await Until.IsAsync(() => Machines.Lab.LookUpAsync(from, "tasks.web"), found => found.SequenceEqual(Addresses(shop)), "both tasks have a name");
            foreach (var address in new[] { vip, "web" })
            {
                await BothAnswerAsync(() => Machines.Lab.GetAsync(from, address + ":8080"), $"both tasks answer {from} at {address}");
            }
        }
    }

    /// <summary>This machine is the client.</summary>
    private async Task AnyMachineAnswersAtThePublishedPortAsync()
    {
        foreach (var machine in ContainedAgents.Machines)
        {
            var address = Machines.Lab.Address(machine);
            await BothAnswerAsync(async () => (await Shell.RunAsync("busybox", ["timeout", "3", "busybox", "wget", "-q", "-O", "-", $"http://{address}:{Port}/"])).Output.Trim(), $"both tasks answer at machine {machine}");
        }
    }

    private async Task WhileTheAgentIsStopped_NamesAreAnsweredAsync()
    {
        var shop = await ShopAsync();
        var (agent, names) = await Machines.ContainersAsync(1);
        await Machines.Lab.DockerAsync(1, "stop", agent);
        Assert.Single(await Machines.Lab.LookUpAsync(shop[1], "web"));
        Assert.Equal(Addresses(shop), await Machines.Lab.LookUpAsync(shop[1], "tasks.web"));
        Assert.Equal([Machines.Lab.Address(2)], await Machines.Lab.LookUpAsync(shop[1], "node2.node"));
        await BothAnswerAsync(() => Machines.Lab.GetAsync(shop[1], "web:8080"), "both tasks answer while the agent is away");
        await Machines.AgentAsync(1, ContainedAgents.Image, "up");
        Assert.Equal(names, (await Machines.ContainersAsync(1)).Names);
    }

    private async Task WhatAnswersNames_ComesBackWhenSomebodyRemovesItAsync()
    {
        var shop = await ShopAsync();
        await Machines.Lab.DockerAsync(1, "rm", "-f", (await Machines.ContainersAsync(1)).Names);
        await Until.IsAsync(() => Machines.Lab.LookUpAsync(shop[1], "web"), found => found.Count == 1, "names are answered again");
    }

    /// <summary>Connections that stand: packets all the time, and two that are asked for a page when the agent is back, one of them through the service's address.</summary>
    private async Task ARestartOfTheAgent_BreaksNoConnectionAsync()
    {
        var shop = await ShopAsync();
        var vip = Assert.Single(await Machines.Lab.LookUpAsync(shop[1], "web"));
        var ping = Machines.Lab.InAsync(shop[1], 60, "ping", "-i", "0.02", "-c", "1500", shop[2].Address);
        const string Ask = "(until [ -e /tmp/ask ]; do busybox sleep 0.1; done; printf 'GET / HTTP/1.0\\r\\n\\r\\n') | busybox nc $0 8080";
        var asked = new[] { shop[2].Address, vip }.Select(address => Machines.Lab.InAsync(shop[1], 60, "sh", "-c", Ask, address)).ToList();
        await Until.IsAsync(async () => (await Machines.Lab.InAsync(shop[1], 5, "grep", "-c", ":1F90 01 ", "/proc/net/tcp")).Output.Trim(), count => int.Parse(count, CultureInfo.InvariantCulture) >= asked.Count, "the connections stand");

        await Machines.Lab.DockerAsync(1, "restart", (await Machines.ContainersAsync(1)).Agent);
        Assert.Single(await Machines.Lab.LookUpAsync(shop[1], "web"));
        await Machines.AgentAsync(1, ContainedAgents.Image, "up");
        await Machines.Lab.InAsync(shop[1], 5, "touch", "/tmp/ask");
        Assert.All(await Task.WhenAll(asked), answer => Assert.Contains("shop version 1", answer.Output, StringComparison.Ordinal));
        Assert.Contains(" 0% packet loss", (await ping).Output, StringComparison.Ordinal);
        Assert.Equal(shop, await ShopAsync());
    }

    private async Task ALaterImage_AnswersNamesTooAsync()
    {
        var shop = await ShopAsync();
        var before = await Machines.ContainersAsync(1);
        await Machines.AgentAsync(1, ContainedAgents.LaterImage, "down");
        await Machines.AgentAsync(1, ContainedAgents.LaterImage, "up");
        var after = await Until.IsAsync(
            async () =>
            {
                Assert.Single(await Machines.Lab.LookUpAsync(shop[1], "web"));
                return await Machines.ContainersAsync(1);
            },
            now => !now.Names.Contains(before.Names, StringComparison.Ordinal),
            "the later image answers names");
        Assert.Equal(
            await Machines.Lab.DockerAsync(1, "image", "inspect", "-f", "{{.Id}}", ContainedAgents.LaterImage),
            await Machines.Lab.DockerAsync(1, "inspect", "-f", "{{.Image}}", after.Names));
    }

    private async Task AMachinePoweredOffAndOn_IsBackByItselfAsync()
    {
        var before = await ShopAsync();
        await Machines.Lab.RunAsync("kill", "2");
        await Machines.Lab.RunAsync("start", "2");
        await Until.IsAsync(() => Machines.TasksAsync("shop/web"), tasks => tasks.Count == 2 && tasks[2].Container != before[2].Container, "another task is ready on the machine");
        await ReachedAsync();
    }

    private async Task UninstallLeavesNothingAsync(IReadOnlyList<IReadOnlyList<string>> before)
    {
        await Machines.OrchAsync("app", "rm", "shop", "--wait");
        foreach (var machine in ContainedAgents.Machines)
        {
            await Until.IsAsync(() => Machines.Lab.DockerAsync(machine, "ps", "-aq", "--filter", "label=orchestrator.task"), left => left.Length == 0, "its tasks' containers are gone");
            Assert.Contains("the cluster's network is off this machine", await Machines.AgentAsync(machine, ContainedAgents.Image, "uninstall"), StringComparison.Ordinal);
            Assert.Equal(before[machine - 1], await Machines.TracesAsync(machine));
        }
    }

    private Task<IReadOnlyDictionary<int, LabTask>> ShopAsync() => Until.IsAsync(() => Machines.TasksAsync("shop/web"), tasks => tasks.Count == 2, "a task is ready on each machine");

    private static string[] Addresses(IReadOnlyDictionary<int, LabTask> tasks) => [.. tasks.Values.Select(task => task.Address).Order(StringComparer.Ordinal)];

    private static async Task BothAnswerAsync(Func<Task<string>> ask, string what)
    {
        var pages = new HashSet<string>();
        await Until.IsAsync(ask, page => pages.Add(page) && pages.Count == 2, what);
        Assert.All(pages, page => Assert.True(IsPage(page), page));
    }

    private static bool IsPage(string page) => page.StartsWith("shop version 1", StringComparison.Ordinal);
}
