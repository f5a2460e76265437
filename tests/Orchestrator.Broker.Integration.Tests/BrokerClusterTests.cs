using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Broker.Integration.Tests;

/// <summary>A control plane on three brokers that are one cluster, behind a load balancer.</summary>
public sealed partial class BrokerClusterTests
{
    private const string Queue = "orchestrator.scheduler.deploy-app";
    private const string App = "members";
    private const int Commands = 300;
    private const int BeforeTheKill = 50;
    private static readonly Dictionary<string, string> Asked = new() { ["ORCH_QUORUM_QUEUES"] = "true" };

    [Fact]
    [Trait("Lane", "faults")]
    public async Task WhenTheLeaderIsKilled_NoCommandInFlightIsLost_AndEachIsAnswered()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        await using var brokers = await BrokerCluster.TryStartAsync();
        Assert.SkipUnless(brokers is not null, Testing.Broker.Missing);
        var victim = (await brokers.QueueAsync(Queue)).Leader;
        var others = Enumerable.Range(0, BrokerCluster.Size).Where(number => number != victim).ToList();

        // The services begin at the one that will die, as do those that they lead.
        using var balancer = new TcpProxy("127.0.0.1", [brokers.Ports[victim], .. others.Select(number => brokers.Ports[number])]);
        await using var node = await SingleNode.StartAsync(OwnBroker.ControlUriAt(balancer.Port), Asked);
        await node.Api.DeployAsync(App, $$"""
            services:
              job: { image: "{{await Engine.ImageAsync(1)}}", pull_policy: never, stop_grace_period: 1s }
            """);
        var before = await node.Api.RunningAsync(App, "job", 1);
        Assert.All((await brokers.TypesAsync()).Where(queue => !OfOneProcess().IsMatch(queue.Key)), queue => Assert.Equal("quorum", queue.Value));
        foreach (var queue in new[] { Queue, "orchestrator.api.answers", "orchestrator.scheduler.tasks-reported" })
        {
            var everywhere = await brokers.QueueAsync(queue);
            Assert.Equal((BrokerCluster.Size, BrokerCluster.Size), (everywhere.Members.Count, everywhere.Online.Count));
        }

        await using var program = await AnsweredCommands.ConnectAsync(OwnBroker.ControlUriAt(brokers.Ports[others[1]]));
        var publishing = PublishAsync(program);
        await Until.IsAsync(() => Task.FromResult(program.Answers.Count), count => count >= BeforeTheKill, "some are answered");
        var answered = program.Answers.Count;
        await brokers.KillAsync(victim);
        Assert.True(answered < Commands, "all were answered before the kill");
        await publishing;

        var ids = Enumerable.Range(0, Commands).Select(Id).ToHashSet();
        await Until.IsAsync(() => Task.FromResult(ids.Except(program.Answers.Keys).ToList()), missing => missing.Count == 0, "each is answered");
        Assert.All(program.Answers.Where(answer => ids.Contains(answer.Key)), answer => Assert.Equal("command-accepted", Assert.Single(answer.Value.Distinct()).Type));
        var apps = (await node.Api.ListAsync("apps")).Select(app => app.Text("name")).ToHashSet();
        Assert.Superset(ids.Select(id => "app-" + id).ToHashSet(), apps);
        var after = await brokers.QueueAsync(Queue);
        Assert.Equal(others, after.Online);
        Assert.Contains(after.Leader, others);

        // Orders reach the node, its reports come back, and what ran was left alone.
        using (var taken = await node.Api.SendAsync(HttpMethod.Post, $"services/{App}/job/scale", new { Replicas = 2 }))
        {
            taken.EnsureSuccessStatusCode();
        }

        Assert.Contains(before[0].Text("id"), (await node.Api.RunningAsync(App, "job", 2)).Select(task => task.Text("id")));
        await brokers.StartAgainAsync(victim);
        await Until.IsAsync(() => brokers.QueueAsync(Queue), queue => queue.Online.Count == BrokerCluster.Size, "it has its copy again");
        await Until.IsAsync(() => node.Api.IsReadyAsync(), ready => ready, "the node is ready, with the queues of its own that were there");
    }

    private static string Id(int number) => "c-" + number.ToString("000", CultureInfo.InvariantCulture);

    private static async Task PublishAsync(AnsweredCommands program)
    {
        for (var i = 0; i < Commands; i++)
        {
            await program.PublishAsync("deploy-app", $$$"""{"commandId":"{{{Id(i)}}}","app":"app-{{{Id(i)}}}","spec":{"services":[{"name":"web","replicas":0,"container":{"image":"web:1"}}]}}""");
        }
    }

    [GeneratedRegex(@"^orchestrator\.(api|scheduler|health-monitor)\.[0-9a-f]{32}$")]
    private static partial Regex OfOneProcess();
}
