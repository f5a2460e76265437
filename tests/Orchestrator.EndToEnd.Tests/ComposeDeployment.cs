using System.Net;
using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>The cluster of docker-compose.yml from a clean checkout, as the README has it. Builds the images: minutes.</summary>
[Collection(nameof(ComposedCluster))]
[Trait("Lane", "compose")]
public sealed class ComposeDeployment : IAsyncLifetime
{
    private ComposedCluster? _cluster;

    private ComposedCluster Cluster => _cluster!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        Assert.SkipUnless(await DockerCompose.IsThereAsync(), DockerCompose.Missing);
        foreach (var version in new[] { 1, 2 })
        {
            await Engine.RunAsync("tag", await Engine.ImageAsync(version), $"orch-sample-shop:{version}");
        }

        _cluster = await ComposedCluster.CopyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [Fact]
    public async Task Up_Deploy_Scale_DownAndUp_EndsWithTheShopAsItWas()
    {
        await Cluster.UpAsync(schedulers: 3);
        await Cluster.HealthyAsync();
        await Cluster.NodesAsync(1);
        Assert.Equal((3, 2, 2), ((await Cluster.ContainersAsync("scheduler")).Count, (await Cluster.ContainersAsync("api")).Count, (await Cluster.ContainersAsync("health-monitor")).Count));
        Assert.Contains("nodes     1 of 1 ready", await Cluster.OrchAsync("status"), StringComparison.Ordinal);

        await TheNodeHasPartInTheClustersNetworkAsync();
        await DeployedAsync(1);
        await ContainersReachAServiceByItsNameAsync(1);
        await SchedulersComeAndGoUnderADeployAsync();
        await DownAndUpKeepsEverythingAsync();
        await ContainersReachAServiceByItsNameAsync(2);
        await AMachineJoinsWithItsAgentInAContainerAsync();
        await Cluster.HealthyAsync();
        await Cluster.OrchAsync("app", "rm", "shop", "--wait");
        Assert.Empty(await Cluster.ListAsync("ps"));
        await AnAgentWithoutTheRightToProgramTheNetwork_SaysSoAsync();
        await UninstallLeavesNothingOfTheNetworkAsync();
    }

    private async Task TheNodeHasPartInTheClustersNetworkAsync()
    {
        var node = await Until.IsAsync(Cluster.NodeAsync, node => node.Text("subnet").Length > 0, "the node has a subnet");
        Assert.StartsWith("10.128.", node.Text("subnet"), StringComparison.Ordinal);
        Assert.Empty(node.GetProperty("networkProblems").EnumerateArray());
    }

    /// <summary>Its name means one address, at which its tasks answer in turn.</summary>
    private async Task ContainersReachAServiceByItsNameAsync(int version)
    {
        var caller = await CallerAsync();
        var trace = JsonSerializer.Deserialize<JsonElement>(await Cluster.OrchAsync("net", "trace", "shop/caller", "shop/web", "8080", "--json"));
        var address = trace.GetProperty("steps").EnumerateArray().Single(step => step.Text("step") == "name").Text("text").Split(' ')[^1];
        Assert.Equal([address], await LookUpAsync(caller, "web"));
        Assert.Equal([address], await LookUpAsync(caller, "web.shop"));
        Assert.Equal(2, (await LookUpAsync(caller, "tasks.web")).Count);
        var pages = new HashSet<string>();
        await Until.IsAsync(
            () => Engine.RunAsync("exec", caller, "/bin/busybox", "timeout", "5", "/bin/busybox", "wget", "-q", "-O", "-", "http://web:8080/"),
            page => pages.Add(page) && pages.Count == 2,
            "both tasks answer by their service's name");
        Assert.All(pages, page => Assert.StartsWith($"shop version {version} on ", page, StringComparison.Ordinal));
    }

    private async Task<string> CallerAsync() => (await Cluster.ListAsync("ps", "--app", "shop")).Single(task => task.Text("service") == "caller").Text("containerId");

    private static async Task<IReadOnlyList<string>> LookUpAsync(string container, string name) =>
        InLabTasks.Found((await Shell.RunAsync("docker", ["exec", container, "/bin/busybox", "nslookup", name])).Output);

    private async Task AnAgentWithoutTheRightToProgramTheNetwork_SaysSoAsync()
    {
        await Cluster.OverrideAsync("services: { node-agent: { cap_add: !reset [] } }");
        await Cluster.ComposeAsync("up", "-d", "--no-deps", "node-agent");
        await Until.IsAsync(
            async () => (await Cluster.NodeAsync()).GetProperty("networkProblems").EnumerateArray().Select(problem => problem.GetString()!).ToList(),
            problems => problems is [var problem] && problem.Contains("give its container CAP_NET_ADMIN", StringComparison.Ordinal),
            "the node says what it lacks");
        await Cluster.OverrideAsync("{}");
    }

    private async Task UninstallLeavesNothingOfTheNetworkAsync()
    {
        var device = await Engine.RunAsync("network", "inspect", "-f", "{{index .Options \"com.docker.network.bridge.name\"}}", $"orch_{Cluster.ClusterId}_{Cluster.NodeId}");
        var id = device.Split('-')[1];
        Assert.Equal([$"orchb-{id}", $"orchv-{id}", $"table ip orch-{id}", "3"], await NetworkAsync(id));
        Assert.Contains("the cluster's network is off this machine", await Cluster.UninstallAsync(), StringComparison.Ordinal);
        Assert.Equal(["0"], await NetworkAsync(id));
        Assert.Empty(await Engine.ContainersAsync(all: true, "orchestrator.cluster=" + Cluster.ClusterId, "orchestrator.names"));
    }

    /// <returns>What has the name: devices, tables, and how many rules in the engine's chain.</returns>
    private static async Task<IReadOnlyList<string>> NetworkAsync(string id) =>
        (await Shell.RunAsync("sh", ["-c", $"ls /sys/class/net | grep {id}; nft list tables ip | grep {id}; iptables -S DOCKER-USER | grep -c {id}"])).Output.Trim().Split('\n');

    private async Task DeployedAsync(int version)
    {
        var deployed = await Cluster.DeployAsync(version);
        Assert.True(deployed.ExitCode == 0, deployed.Error + deployed.Output);
        await ShopAsync(version);
    }

    private async Task SchedulersComeAndGoUnderADeployAsync()
    {
        await Cluster.ComposeAsync("up", "-d", "--no-recreate", "--scale", "scheduler=1", "--scale", "api=2", "--scale", "health-monitor=2");
        var deploying = Cluster.DeployAsync(2);
        foreach (var count in new[] { 3, 1 })
        {
            await Cluster.ComposeAsync("up", "-d", "--no-recreate", "--scale", $"scheduler={count}", "--scale", "api=2", "--scale", "health-monitor=2");
            Assert.Equal(count, (await Cluster.ContainersAsync("scheduler")).Count);
        }

        var deployed = await deploying;
        Assert.True(deployed.ExitCode == 0, deployed.Error + deployed.Output);
        await ShopAsync(2);
    }

    private async Task DownAndUpKeepsEverythingAsync()
    {
        var before = await TasksAsync();
        var caller = await CallerAsync();
        var events = await Cluster.ListAsync("events", "--app", "shop");
        await Cluster.ComposeAsync("down");
        Assert.Empty(await Cluster.ContainersAsync());
        Assert.Equal(before.Count, (await Engine.ContainersAsync(all: false, "orchestrator.cluster=" + Cluster.ClusterId, "orchestrator.task")).Count);
        Assert.Equal(2, (await LookUpAsync(caller, "tasks.web")).Count);

        await Cluster.UpAsync(schedulers: 1);
        await Cluster.NodesAsync(1);
        await ShopAsync(2);
        Assert.Equal(before, await TasksAsync());
        var after = await Cluster.ListAsync("events", "--app", "shop");
        Assert.Subset(after.Select(item => item.Text("eventId")).ToHashSet(), events.TakeLast(3).Select(item => item.Text("eventId")).ToHashSet());
        Assert.Contains("nothing to change", (await Cluster.DeployAsync(2)).Output, StringComparison.Ordinal);
    }

    private async Task AMachineJoinsWithItsAgentInAContainerAsync()
    {
        var command = (await Cluster.OrchAsync("node", "join-command")).Trim().Split(' ');
        Assert.Equal(["infra/agent.sh", "up"], command[..2]);

        // In one kernel there is one cluster's network: the machine, which is this one again, stays outside of it.
        await AgentAsync([.. command[1..], "--container", "--name", "second-machine", "--set", "Network=false"]);
        await Cluster.NodesAsync(2);
        Assert.Contains(await Cluster.ListAsync("node", "ls"), node => node.Text("name") == "second-machine");
        Assert.Contains("the agent runs (container ", await AgentAsync("status"), StringComparison.Ordinal);
        await AgentAsync("down");
        await AgentAsync("up");
        await Cluster.NodesAsync(2);
        await AgentAsync("down");
    }

    private async Task<string> AgentAsync(params string[] arguments)
    {
        var result = await Cluster.AgentAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        return result.Output;
    }

    /// <summary>Which tasks run in which containers.</summary>
    private async Task<IReadOnlyList<string>> TasksAsync()
    {
        var tasks = await Cluster.ListAsync("ps", "--app", "shop");
        Assert.All(tasks, task => Assert.Equal("Running", task.Text("state")));
        return [.. tasks.Select(task => $"{task.Text("service")}.{task.Text("slot")} {task.Text("id")} {task.Text("containerId")}").Order()];
    }

    private async Task ShopAsync(int version)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Cluster.ShopPort}") };
        await Until.IsAsync(
            async () =>
            {
                try
                {
                    using var answer = await http.GetAsync(new Uri("/", UriKind.Relative));
                    return answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadAsStringAsync() : $"{answer.StatusCode}";
                }
                catch (HttpRequestException exception)
                {
                    return exception.Message;
                }
            },
            seen => seen.Contains($"shop version {version}", StringComparison.Ordinal),
            $"the shop answers with version {version}");
    }
}
