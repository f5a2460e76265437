using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>Each key that says where tasks go takes effect, on real engines.</summary>
[Trait("Lane", "faults")]
public sealed class PlacementOnCluster(PlacementCluster shared) : IClassFixture<PlacementCluster>
{
    private Cluster Node => shared.Cluster;

    [Theory]
    [InlineData("constraint", "node-1", "deploy: { placement: { constraints: [node.labels.zone==a] } }")]
    [InlineData("greater", "node-1", "x-orchestrator: { constraints: [\"node.labels.size > 4\"] }")]
    [InlineData("among", "node-2", "x-orchestrator: { constraints: [\"node.labels.zone in (b, c)\"] }")]
    [InlineData("pattern", "node-2", "x-orchestrator: { constraints: [\"node.hostname ~= -2$$\"] }")]
    [InlineData("pool", "node-3", "x-orchestrator: { pool: big }")]
    [InlineData("generic", "node-1", "deploy: { resources: { reservations: { generic_resources: [{ discrete_resource_spec: { kind: ssd, value: 1 } }] } } }")]
    [InlineData("affinity", "node-2", "x-orchestrator: { affinities: [{ constraint: node.labels.zone==b, weight: 100 }] }")]
    [InlineData("away", "node-1", "x-orchestrator: { affinities: [{ constraint: node.labels.zone==b, weight: -100 }] }")]
    [InlineData("random", "node-3", "x-orchestrator: { pool: all, strategy: random, constraints: [\"node.labels.size notin (2, 8)\"] }")]
    public async Task ATask_GoesWhereItsServiceSays(string app, string node, string key)
    {
        await DeployAsync("place-" + app, Service("web", key));
        var task = Assert.Single(await Node.Api.RunningAsync("place-" + app, "web", 1));
        Assert.Equal(node, task.Text("node"));
        Assert.Single(await Engine.ContainersAsync(all: false, $"orchestrator.task={task.Text("id")}"));
        await RemoveAsync("place-" + app);
    }

    [Theory]
    [InlineData("platform", "node-1 is linux/amd64, not linux/s390x", "platform: linux/s390x")]
    [InlineData("device", "node-1 lacks 1 gpu", "deploy: { resources: { reservations: { devices: [{ capabilities: [gpu], count: 1 }] } } }")]
    [InlineData("devices", "node-1 has no gpu", "deploy: { resources: { reservations: { devices: [{ capabilities: [gpu], count: all }] } } }")]
    [InlineData("memory", "node-1 lacks ", "deploy: { resources: { reservations: { memory: 4000gb } } }")]
    [InlineData("pids", "node-1 lacks ", "deploy: { placement: { constraints: [node.labels.zone==a] }, resources: { limits: { pids: 101 } } }")]
    public async Task WhatNoNodeHas_IsWaitedFor_AndExplained(string app, string reason, string key)
    {
        await DeployAsync("wait-" + app, Service("web", key));
        var service = await Until.IsAsync(() => Node.Api.GetAsync($"services/wait-{app}/web"), row => Items(row, "waiting").Any(), "it waits");
        Assert.Contains(Items(service, "waiting"), line => line.GetString()!.StartsWith(reason, StringComparison.Ordinal));
        var told = (await Node.OrchAsync("explain", $"wait-{app}/web.1")).OutputOrThrow();
        Assert.Contains($"wait-{app}/web.1", told, StringComparison.Ordinal);
        Assert.Contains("waits for a node", told, StringComparison.Ordinal);
        Assert.Contains("against node-2: it ", told, StringComparison.Ordinal);
        Assert.Contains("would help: ", told, StringComparison.Ordinal);
        await RemoveAsync("wait-" + app);
    }

    [Theory]
    [InlineData("spread", "deploy: { replicas: 2, placement: { preferences: [{ spread: node.labels.zone }] } }")]
    [InlineData("hardspread", "deploy: { replicas: 2 }", "x-orchestrator: { preferences: [{ spread: node.labels.zone, hard: true }] }")]
    [InlineData("most", "deploy: { replicas: 2, placement: { max_replicas_per_node: 1 } }")]
    [InlineData("lonely", "deploy: { replicas: 2 }", "x-orchestrator: { service_affinities: [{ service: web, weight: -1, hard: true }] }")]
    [InlineData("strategy", "deploy: { replicas: 2 }", "x-orchestrator: { strategy: spread }")]
    [InlineData("global", "deploy: { mode: global }")]
    public async Task TwoTasks_GoToTwoNodes(string app, params string[] keys)
    {
        await DeployAsync("two-" + app, Service("web", keys));
        Assert.Equal(["node-1", "node-2"], (await Node.Api.RunningAsync("two-" + app, "web", 2)).Select(task => task.Text("node")).Order());
        await RemoveAsync("two-" + app);
    }

    [Fact]
    public async Task AServiceOfAnotherApplication_IsWaitedForAndFollowed_OrKeptAwayFrom()
    {
        await DeployAsync("guest", Service("web", "x-orchestrator: { service_affinities: [{ service: host/db, topology: node.labels.zone, hard: true }] }"));
        var service = await Until.IsAsync(() => Node.Api.GetAsync("services/guest/web"), row => Items(row, "waiting").Any(), "it waits");
        Assert.Contains("node-1 is in zone=a, which has no task of host/db", Items(service, "waiting").Select(line => line.GetString()));
        Assert.Contains("make the affinity to host/db soft", (await Node.OrchAsync("explain", "guest/web.1")).OutputOrThrow(), StringComparison.Ordinal);
        await DeployAsync("host", Service("db", "deploy: { placement: { constraints: [node.labels.zone==b] } }"));
        Assert.Equal("node-2", Assert.Single(await Node.Api.RunningAsync("host", "db", 1)).Text("node"));
        Assert.Equal("node-2", Assert.Single(await Node.Api.RunningAsync("guest", "web", 1)).Text("node"));
        await DeployAsync("shy", Service("web", "x-orchestrator: { service_affinities: [{ service: host/db, weight: -1, hard: true }] }"));
        Assert.Equal("node-1", Assert.Single(await Node.Api.RunningAsync("shy", "web", 1)).Text("node"));
        await RemoveAsync("shy");
        await RemoveAsync("guest");
        await RemoveAsync("host");
    }

    [Fact]
    public async Task Binpack_FillsANode_AndAHostPort_IsNotShared()
    {
        await DeployAsync("binpack", Service("web", "deploy: { replicas: 3 }", "x-orchestrator: { strategy: binpack }"));
        Assert.Single((await Node.Api.RunningAsync("binpack", "web", 3)).Select(task => task.Text("node")).Distinct());
        await RemoveAsync("binpack");
    }

    [Fact]
    public async Task AVolume_HoldsItsService_WhereItsDataAre()
    {
        static string Kept(string zone) =>
            Service("web", "volumes: [\"data:/data\"]", $"deploy: {{ placement: {{ constraints: [node.labels.zone=={zone}] }} }}") + "volumes: { data: {} }\n";
        await DeployAsync("kept", Kept("a"));
        Assert.Equal("node-1", Assert.Single(await Node.Api.RunningAsync("kept", "web", 1)).Text("node"));
        await DeployAsync("kept", Kept("b"));
        var service = await Until.IsAsync(() => Node.Api.GetAsync("services/kept/web"), row => Items(row, "waiting").Any(), "it waits");
        Assert.Contains(Items(service, "waiting"), line => line.GetString() == "node-2 lacks volume data, which is on node-1");

        await DeployAsync("kept", Kept("a"));
        var task = Assert.Single(await Node.Api.RunningAsync("kept", "web", 1));
        (await Node.OrchAsync("node", "drain", "node-1")).OutputOrThrow();
        var inspected = await Until.IsAsync(() => Node.OrchAsync("node", "inspect", "node-1"), told => told.Output.Contains("kept/web.1 stays: no node takes its successor: ", StringComparison.Ordinal), "it says why the task is there");
        Assert.Contains("lacks volume data, which is on node-1", inspected.Output, StringComparison.Ordinal);
        Assert.Contains("orch node drain node-1 --force stops it now", inspected.Output, StringComparison.Ordinal);
        Assert.Contains("against node-1: it is being drained", (await Node.OrchAsync("explain", "kept/web.1")).OutputOrThrow(), StringComparison.Ordinal);
        Assert.Single(await Engine.ContainersAsync(all: false, $"orchestrator.task={task.Text("id")}"));
        (await Node.OrchAsync("node", "drain", "node-1", "--force", "--wait")).OutputOrThrow();
        Assert.Empty(await Engine.ContainersAsync(all: false, $"orchestrator.task={task.Text("id")}"));
        (await Node.OrchAsync("node", "activate", "node-1")).OutputOrThrow();
        Assert.Equal("node-1", Assert.Single(await Node.Api.RunningAsync("kept", "web", 1)).Text("node"));
        await RemoveAsync("kept");
    }

    [Fact]
    public async Task ALabel_ThatChanges_MovesTheTask_AndAGlobalServiceFollows()
    {
        await DeployAsync("moves", Service("web", "deploy: { placement: { constraints: [node.labels.blue==1] } }") + Service("all", "deploy: { mode: global, placement: { constraints: [node.labels.blue==1] } }")["services:\n".Length..]);
        await Until.IsAsync(() => Node.Api.GetAsync("services/moves/web"), row => Items(row, "waiting").Any(), "it waits");
        (await Node.OrchAsync("node", "label", "node-1", "blue=1")).OutputOrThrow();
        Assert.Equal("node-1", Assert.Single(await Node.Api.RunningAsync("moves", "web", 1)).Text("node"));
        Assert.Equal("node-1", Assert.Single(await Node.Api.RunningAsync("moves", "all", 1)).Text("node"));
        (await Node.OrchAsync("node", "label", "node-2", "blue=1")).OutputOrThrow();
        await Node.Api.RunningAsync("moves", "all", 2);
        (await Node.OrchAsync("node", "label", "node-1", "blue-")).OutputOrThrow();
        Assert.Equal("node-2", Assert.Single(await Node.Api.RunningAsync("moves", "web", 1, task => task.Text("node") == "node-2")).Text("node"));
        Assert.Equal("node-2", Assert.Single(await Node.Api.RunningAsync("moves", "all", 1)).Text("node"));
        (await Node.OrchAsync("node", "label", "node-2", "blue-")).OutputOrThrow();
        await RemoveAsync("moves");
    }

    [Fact]
    public async Task ATaint_SendsAwayWhoDoesNotTolerateIt_AndADrainedNodeIsLeft()
    {
        await DeployAsync("taints", Service("web", "deploy: { placement: { constraints: [\"node.labels.size exists\"], preferences: [{ spread: node.labels.zone }] }, replicas: 2 }")
            + Service("brave", "deploy: { placement: { constraints: [node.labels.zone==a] } }", "x-orchestrator: { tolerations: [{ key: fire }] }")["services:\n".Length..]);
        await Node.Api.RunningAsync("taints", "web", 2);
        await Node.Api.RunningAsync("taints", "brave", 1);
        (await Node.OrchAsync("node", "taint", "node-1", "fire:NoExecute")).OutputOrThrow();
        await Node.Api.RunningAsync("taints", "web", 2, task => task.Text("node") == "node-2");
        Assert.Equal("node-1", Assert.Single(await Node.Api.RunningAsync("taints", "brave", 1)).Text("node"));
        (await Node.OrchAsync("node", "taint", "node-1", "fire-")).OutputOrThrow();
        (await Node.OrchAsync("node", "drain", "node-2")).OutputOrThrow();
        await Node.Api.RunningAsync("taints", "web", 2, task => task.Text("node") == "node-1");
        (await Node.OrchAsync("node", "activate", "node-2")).OutputOrThrow();
        await RemoveAsync("taints");
    }

    [Fact]
    public async Task AMoreImportantTask_TakesTheSeat_AndTheNodeTellsWhoHasIt()
    {
        const string seat = "deploy: { resources: { reservations: { generic_resources: [{ discrete_resource_spec: { kind: seat, value: 1 } }] } } }";
        await DeployAsync("low", Service("web", seat, "x-orchestrator: { pool: big, priority: 10 }"));
        await Node.Api.RunningAsync("low", "web", 1);
        await DeployAsync("safe", Service("web", seat, "x-orchestrator: { pool: big, priority: 90 }"));
        await Until.IsAsync(() => Node.Api.GetAsync("services/safe/web"), row => Items(row, "waiting").Any(), "it waits");
        await RemoveAsync("safe");
        await DeployAsync("high", Service("web", seat, "x-orchestrator: { pool: big, priority: 90, preemption: lower }"));
        var task = Assert.Single(await Node.Api.RunningAsync("high", "web", 1));
        Assert.Equal("node-3", task.Text("node"));
        await Until.IsAsync(() => Node.Api.TasksAsync("low", "web"), tasks => tasks.Count == 1 && tasks[0].Text("state") == "Pending", "the other waits");
        var inspected = (await Node.OrchAsync("node", "inspect", "node-3")).OutputOrThrow();
        Assert.Contains("high/web.1", inspected, StringComparison.Ordinal);
        Assert.Contains("1 seat", inspected, StringComparison.Ordinal);
        Assert.Contains("pool         big", inspected, StringComparison.Ordinal);
        await RemoveAsync("low");
        await RemoveAsync("high");
    }

    [Fact]
    public async Task APlan_TellsWhatWouldHappen_ChangesNothing_AndIsHeldTo()
    {
        var file = Path.Combine(Node.State, "planned.yaml");
        await File.WriteAllTextAsync(file, "name: planned\n" + Service("web", "deploy: { placement: { constraints: [node.labels.zone==a] } }"));
        var first = (await Node.OrchAsync("plan", "-f", file)).OutputOrThrow();
        Assert.Contains("+ web: Create, 0 → 1 replicas", first, StringComparison.Ordinal);
        Assert.Contains("web.1 → node-1", first, StringComparison.Ordinal);
        Assert.Empty(await Node.Api.TasksAsync("planned"));
        (await Node.OrchAsync("deploy", "-f", file, "--plan-index", "0", "--wait")).OutputOrThrow();

        var refused = await Node.OrchAsync("deploy", "-f", file, "--plan-index", "0");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("it has changed since plan 0", refused.Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "name: planned\n" + Service("web", "environment: { A: b }", "deploy: { replicas: 2, placement: { constraints: [node.labels.zone==b] } }"));
        var plan = JsonSerializer.Deserialize<JsonElement>((await Node.OrchAsync("plan", "-f", file, "--json")).OutputOrThrow());
        var service = Assert.Single(Items(plan, "services"));
        Assert.Equal(("Update", 2), (service.Text("change"), Items(service, "tasks").Count(task => task.Text("node") == "node-2")));
        Assert.Contains(Items(service, "differences"), line => line.GetString()!.StartsWith("placement.constraints: ", StringComparison.Ordinal));
        (await Node.OrchAsync("deploy", "-f", file, "--plan-index", plan.Text("index"), "--wait")).OutputOrThrow();
        var told = (await Node.OrchAsync("explain", "planned/web.1")).OutputOrThrow();
        Assert.Contains("is on node-2", told, StringComparison.Ordinal);
        Assert.Contains("against node-1: it has zone=a, against node.labels.zone==b", told, StringComparison.Ordinal);
        Assert.Contains("binpack ", told, StringComparison.Ordinal);
        await RemoveAsync("planned");
    }

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) => element.GetProperty(name).EnumerateArray();

    private static string Service(string name, params string[] keys) =>
        $"services:\n  {name}:\n    image: orch-test:1\n    pull_policy: never\n    stop_grace_period: 1s\n" + string.Concat(keys.Select(key => $"    {key}\n"));

    private async Task DeployAsync(string app, string compose)
    {
        var answer = await Node.Api.DeployAsync(app, compose);
        Assert.True(answer.Text("state") == "Accepted", answer.ToString());
    }

    private async Task RemoveAsync(string app)
    {
        await Node.Api.RemoveAsync(app);
        await Node.Api.GoneAsync(app);
    }
}
