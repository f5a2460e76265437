namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>All agents lose the broker at once, and the control plane does not: it sees every node vanish, and moves nothing.</summary>
public sealed class AgentsCutFromTheBroker
{
    private const int Replicas = 6;
    private static readonly TimeSpan Cut = TimeSpan.FromMinutes(2);

    [Fact]
    [Trait("Lane", "faults")]
    public async Task ForTwoMinutes_NoTaskIsMoved_AndNoContainerTouched()
    {
        Assert.SkipUnless(await Cluster.MissingAsync() is null, await Cluster.MissingAsync() ?? "");
        await Engine.ImageAsync(1);
        await using var broker = (await Broker.TryCreateAsync())!;
        await using var mongo = Mongo.TryCreate()!;
        using var proxy = new TcpProxy("127.0.0.1", 5672);
        var throughProxy = new Dictionary<string, string> { ["ORCH_BUS"] = broker.UriAt(proxy.Port) };
        await using var cluster = await Cluster.StartAsync(broker.Uri, mongo.Uri, new ClusterShape { Agents = 3, OfAgent = _ => throughProxy });
        await cluster.Api.DeployAsync("calm", Containers.Compose(Replicas));
        var before = await cluster.Api.RunningAsync("calm", "job", Replicas);
        var starts = await Containers.StartsAsync(cluster, "calm");

        proxy.Cut();
        var start = TimeProvider.System.GetTimestamp();
        await Until.IsAsync(
            () => cluster.Api.GetAsync("status"),
            status => status.GetProperty("problems").EnumerateArray().Any(problem => problem.GetString()!.StartsWith("BRAKE: 3 of 3 nodes", StringComparison.Ordinal)),
            "the brake is told of");

        // Work goes on meanwhile: what is asked for waits, and what runs is left alone.
        using (var taken = await cluster.Api.SendAsync(HttpMethod.Post, "services/calm/job/scale", new { Replicas = Replicas + 1 }))
        {
            taken.EnsureSuccessStatusCode();
        }

        await Until.IsAsync(() => Task.FromResult(TimeProvider.System.GetElapsedTime(start)), lasted => lasted >= Cut, "two minutes pass", Cut * 2);
        Assert.Empty(await cluster.Api.ListAsync("events?type=node-lost"));
        Assert.Equal(starts, await Containers.StartsAsync(cluster, "calm"));
        proxy.Heal();

        var after = await cluster.Api.RunningAsync("calm", "job", Replicas + 1);
        Assert.Subset(after.Select(task => task.Text("id")).ToHashSet(), before.Select(task => task.Text("id")).ToHashSet());
        Assert.Subset((await Containers.StartsAsync(cluster, "calm")).ToHashSet(), starts.ToHashSet());
        Assert.Empty(await cluster.Api.ListAsync("events?type=node-lost"));
        Assert.NotEmpty(await cluster.Api.ListAsync("events?type=brake-applied"));
    }

    /// <summary>They know better: the machines are gone.</summary>
    [Fact]
    [Trait("Lane", "faults")]
    public async Task TheBrake_EndsForNodesThatPeopleConfirmAsLost_AndTheirTasksAreReplaced()
    {
        Assert.SkipUnless(await Cluster.MissingAsync() is null, await Cluster.MissingAsync() ?? "");
        await Engine.ImageAsync(1);
        await using var cluster = await Cluster.StartAloneAsync(new ClusterShape { Agents = 4 });
        await cluster.Api.DeployAsync("moved", Containers.Compose(Replicas));
        await cluster.Api.RunningAsync("moved", "job", Replicas);
        await Task.WhenAll(cluster.Agents.Take(2).Select(agent => agent.KillAsync()));
        await Until.IsAsync(
            () => cluster.Api.GetAsync("status"),
            status => status.GetProperty("problems").EnumerateArray().Any(problem => problem.GetString()!.StartsWith("BRAKE: 2 of 4 nodes", StringComparison.Ordinal)),
            "the brake is told of");
        Assert.Empty(await cluster.Api.ListAsync("events?type=node-lost"));

        (await cluster.OrchAsync("node", "confirm-lost", "node-1", "node-2")).OutputOrThrow();
        await Until.IsAsync(() => cluster.Api.ListAsync("events?type=node-lost"), lost => lost.Count == 2, "both are lost");
        await Until.IsAsync(
            () => cluster.Api.TasksAsync("moved"),
            tasks => tasks.Count(task => task.Text("node") is "node-3" or "node-4" && task.Text("state") == "Running") == Replicas,
            "all run on the others");
        Assert.DoesNotContain(
            (await cluster.Api.GetAsync("status")).GetProperty("problems").EnumerateArray(), problem => problem.GetString()!.StartsWith("BRAKE", StringComparison.Ordinal));
    }
}
