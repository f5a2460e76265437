using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>The cluster's network, between machines.</summary>
[Collection(nameof(WithLabCluster))]
public sealed class NetworkScenarios(LabCluster cluster)
{
    [Fact]
    public async Task ContainersOfAllNodes_ReachEachOther_WithPacketsOfAnySize()
    {
        var shop = await ShopAsync();
        foreach (var size in new[] { "56", "1422", "20000" })
        {
            var ping = await cluster.Lab.InAsync(shop[1], 10, "ping", "-c", "2", "-W", "2", "-s", size, shop[2].Address);
            Assert.True(ping.ExitCode == 0, $"{size}: {ping.Output}");
        }

        Assert.StartsWith("shop version 1", await cluster.Lab.GetAsync(shop[1], shop[2].Address + ":8080"), StringComparison.Ordinal);
        Assert.StartsWith("shop version 1", await cluster.Lab.GetAsync(shop[2], shop[1].Address + ":8080"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplicationsDoNotReachEachOther_OnAnyNode()
    {
        var shop = await ShopAsync();
        var bank = (await cluster.TasksAsync("bank")).Values.Single();
        Assert.Contains("refused", await cluster.Lab.GetAsync(bank, shop[1].Address + ":8080"), StringComparison.Ordinal);
        Assert.Contains("refused", await cluster.Lab.GetAsync(bank, shop[2].Address + ":8080"), StringComparison.Ordinal);
        Assert.Contains("refused", await cluster.Lab.GetAsync(shop[1], bank.Address + ":8080"), StringComparison.Ordinal);
        Assert.Contains("refused", await cluster.Lab.GetAsync(bank, await VipAsync(1, "shop") + ":8080"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServicesAddress_LeadsToAllItsTasks_FromContainersAndFromNodes()
    {
        var shop = await ShopAsync();
        var vip = await VipAsync(2, "shop") + ":8080";
        var pages = new HashSet<string>();
        await Until.IsAsync(() => cluster.Lab.GetAsync(shop[1], vip), page => pages.Add(page) && pages.Count == 2, "both tasks answer");
        Assert.All(pages, page => Assert.StartsWith("shop version 1", page, StringComparison.Ordinal));
        var fromNode = await cluster.Lab.RunAsync("exec", "1", "busybox", "wget", "-q", "-O", "-", $"http://{vip}/");
        Assert.Contains(fromNode.Trim(), pages);
    }

    [Fact]
    public async Task Names_MeanServices_Tasks_SlotsAndNodes_AlsoWhileTheAgentIsAway()
    {
        var shop = await ShopAsync();
        var vip = await VipAsync(1, "shop");
        var bank = (await cluster.TasksAsync("bank")).Values.Single();
        await cluster.Lab.KillAgentAsync(1);
        Assert.Equal([vip], await cluster.Lab.LookUpAsync(shop[1], "web"));
        Assert.Equal([vip], await cluster.Lab.LookUpAsync(shop[1], "WEB.shop"));
        Assert.Equal([vip], await cluster.Lab.LookUpAsync(bank, "web.shop"));

        // The service of its own application, of two with one name.
        Assert.Equal([await VipAsync(1, "bank")], await cluster.Lab.LookUpAsync(bank, "web"));
        Assert.Equal([cluster.Lab.Address(2)], await cluster.Lab.LookUpAsync(shop[1], "node2.node"));
        Assert.Empty(await cluster.Lab.LookUpAsync(shop[1], "nothing.shop"));
        await cluster.Lab.StartAgentsAsync(2);
        string[] all = [.. new[] { shop[1].Address, shop[2].Address }.Order(StringComparer.Ordinal)];
        await Until.IsAsync(() => cluster.Lab.LookUpAsync(shop[1], "tasks.web"), found => found.SequenceEqual(all), "both tasks have a name again");
        string[] slots = [.. await cluster.Lab.LookUpAsync(shop[1], "1.web"), .. await cluster.Lab.LookUpAsync(shop[2], "2.web")];
        Assert.Equal(all, slots.Order(StringComparer.Ordinal));
        Assert.StartsWith("shop version 1", await cluster.Lab.GetAsync(shop[2], "web:8080"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAgentThatDies_LosesNoPacket_AndKnowsAllWhenItIsBack()
    {
        var shop = await ShopAsync();

        // Both of shop's tasks and bank's one are dealt to: nothing more comes.
        var bank = (await cluster.TasksAsync("bank")).Values.Single();
        var before = await Until.IsAsync(
            RulesAsync, rules => rules.Contains("dnat to numgen inc mod 2", StringComparison.Ordinal) && rules.Contains("dnat to " + bank.Address, StringComparison.Ordinal), "the rules of all are there");
        var ping = cluster.Lab.InAsync(shop[1], 60, "ping", "-i", "0.02", "-c", "800", shop[2].Address);
        await cluster.Lab.KillAgentAsync(1);
        await cluster.Lab.StartAgentsAsync(2);
        Assert.Contains(" 0% packet loss", (await ping).Output, StringComparison.Ordinal);
        await Until.IsAsync(
            async () => (Gone: string.Join('\n', before.Split('\n').Except((await RulesAsync()).Split('\n'))), New: string.Join('\n', (await RulesAsync()).Split('\n').Except(before.Split('\n')))),
            changed => changed is ("", ""),
            "the rules are as before");
        await Until.IsAsync(() => cluster.TasksAsync("shop"), tasks => tasks.Count == 2 && tasks[1] == shop[1], "the same containers are ready");
    }

    private Task<string> RulesAsync() => cluster.Lab.RunAsync("exec", "1", "sh", "-c", "nft list ruleset | grep -v counter | sed -n '/orch-/,$p' | sort");

    [Fact]
    public async Task RulesThatSomebodyRemoved_ComeBack()
    {
        var shop = await ShopAsync();
        await cluster.Lab.RunAsync("exec", "1", "sh", "-c", "nft delete table ip $(nft list tables ip | grep -o 'orch-.*') && ip link del $(ip -o link | grep -o 'orchv-[0-9a-f]*' | head -n 1)");
        await Until.IsAsync(() => cluster.Lab.GetAsync(shop[1], shop[2].Address + ":8080"), page => page.StartsWith("shop", StringComparison.Ordinal), "the other node is reached again");
    }

    [Fact]
    public async Task ATrace_SaysOfAConnectionWhatItDoes_AndWhereItStops()
    {
        var shop = await ShopAsync();
        var bank = (await cluster.TasksAsync("bank")).Values.Single();
        var vip = await VipAsync(1, "shop");
        var (allowed, steps) = await TraceAsync("shop/web", "shop/web", 8080);
        Assert.Equal(0, allowed);
        Assert.All(steps, step => Assert.True(step.Passes, step.Text));
        Assert.Equal(["source", "source", "networks", "egress", "name", "tasks", "nodes", "ingress", "container"], steps.Select(step => step.Name));
        Assert.Contains(vip, steps[4].Text, StringComparison.Ordinal);
        Assert.All(shop.Values, task => Assert.Contains(task.Address, steps[5].Text, StringComparison.Ordinal));
        Assert.StartsWith("shop version 1", await cluster.Lab.GetAsync(shop[1], vip + ":8080"), StringComparison.Ordinal);

        var (refused, until) = await TraceAsync("bank/web", "shop/web", 8080);
        Assert.Equal(1, refused);
        Assert.Equal(["source", "source", "networks"], until.Select(step => step.Name));
        Assert.False(until[^1].Passes);
        Assert.Contains("no network in common (bank/web: bank_default; shop/web: shop_default)", until[^1].Text, StringComparison.Ordinal);
        Assert.Contains("refused", await cluster.Lab.GetAsync(bank, vip + ":8080"), StringComparison.Ordinal);
    }

    /// <summary>Agents ask each other's machines; the cluster would take two minutes here.</summary>
    [Fact]
    [Trait("Lane", "faults")]
    public async Task AMachineThatDoesNotAnswer_IsLeftOutOfRouting_AndComesBack()
    {
        var asking = (await cluster.TasksAsync("shop"))[1];
        Task<string[]> AskAsync() => Task.WhenAll(Enumerable.Range(0, 8).Select(_ => cluster.Lab.GetAsync(asking, "web:8080")));
        await Until.IsAsync(AskAsync, pages => pages.Distinct().Count() == 2 && pages.All(IsPage), "both tasks answer");
        await cluster.Lab.RunAsync("cut", "2");
        try
        {
            await Until.IsAsync(AskAsync, pages => pages.Distinct().Count() == 1 && pages.All(IsPage), "only the task that can be reached is asked", TimeSpan.FromSeconds(60));
        }
        finally
        {
            await cluster.Lab.RunAsync("heal", "2");
        }

        await Until.IsAsync(AskAsync, pages => pages.Distinct().Count() == 2 && pages.All(IsPage), "both tasks answer again");
        static bool IsPage(string page) => !page.StartsWith("none", StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheNode_IsShownWithItsSubnet()
    {
        var inspect = (await cluster.Lab.OrchAsync("node", "inspect", "node1")).OutputOrThrow();
        Assert.Contains(inspect.Split('\n'), line => line.StartsWith("network      10.128.", StringComparison.Ordinal));
    }

    private async Task<IReadOnlyDictionary<int, LabTask>> ShopAsync() => await Until.IsAsync(() => cluster.TasksAsync("shop"), tasks => tasks.Count == 2, "shop has a ready task on each node");

    private async Task<(int ExitCode, IReadOnlyList<(string Name, bool Passes, string Text)> Steps)> TraceAsync(string from, string to, int port)
    {
        var trace = await cluster.Lab.OrchAsync("net", "trace", from, to, port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--json");
        var steps = JsonSerializer.Deserialize<JsonElement>(trace.Output).GetProperty("steps").EnumerateArray();
        return (trace.ExitCode, [.. steps.Select(step => (step.GetProperty("step").GetString()!, step.GetProperty("passes").GetBoolean(), step.GetProperty("text").GetString()!))]);
    }

    private async Task<string> VipAsync(int node, string app)
    {
        var known = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(cluster.Lab.AgentState(node), "network.json")));
        return known.GetProperty("services").EnumerateObject().Select(service => service.Value).Single(service => service.GetProperty("app").GetString() == app).GetProperty("vip").GetString()!;
    }
}
