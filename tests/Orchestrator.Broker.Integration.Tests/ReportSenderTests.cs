using System.Text.Json;
using RabbitMQ.Client;

namespace Orchestrator.Broker.Integration.Tests;

/// <summary>A control plane and agents with users of their own, on one virtual host.</summary>
public sealed class ReportSenderTests
{
    private const string ErrorQueue = "orchestrator.scheduler.nodes_error";
    private readonly string _nodeId = "n" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task AReportInAnothersName_ChangesNothing_AndStaysInTheErrorQueue()
    {
        await using var broker = await RequireAsync();
        await broker.LoadDefinitionsAsync(_nodeId);
        await using var control = await SingleNode.StartAsync(broker.ControlUri);
        await Until.IsAsync(() => NodesAsync(control), nodes => nodes.Count == 1, "the single node's own reports are taken");
        var victim = (await NodesAsync(control))[0];
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker.NodeUri(_nodeId)) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await JoinAsync(channel, victim.Text("id"), "stolen", control.ClusterId, "node." + _nodeId);
        await JoinAsync(channel, victim.Text("id"), "nameless", control.ClusterId, sender: null);
        await JoinAsync(channel, _nodeId, "honest", control.ClusterId, "node." + _nodeId);

        await Until.IsAsync(() => broker.QueuesAsync(), queues => queues.ContainsKey(ErrorQueue), "a report is refused");
        await using var people = await new ConnectionFactory { Uri = new Uri(broker.AmqpUri) }.CreateConnectionAsync();
        await using var look = await people.CreateChannelAsync();
        var refused = new List<BasicGetResult>();
        for (var i = 0; i < 2; i++)
        {
            refused.Add((await Until.IsAsync(() => look.BasicGetAsync(ErrorQueue, autoAck: true), message => message is not null, "both forged reports are in the error queue"))!);
        }

        var forged = Assert.Single(refused, message => message.BasicProperties.UserId == "node." + _nodeId);
        Assert.Contains($"user 'node.{_nodeId}' sent a report of node '{victim.Text("id")}'", Header(forged, "MT-Fault-Message"), StringComparison.Ordinal);
        var nodes = await Until.IsAsync(() => NodesAsync(control), nodes => nodes.Count == 2, "the honest node joins");
        Assert.Equal(new[] { "honest", victim.Text("name") }.Order(StringComparer.Ordinal), nodes.Select(node => node.Text("name")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AnAgentWithItsOwnUser_WaitsForTheExchanges_SaysSoOnce_AndJoins()
    {
        await using var broker = await RequireAsync();
        await broker.LoadDefinitionsAsync(_nodeId, usersOnly: true);
        var clusterId = Guid.NewGuid().ToString("N");
        await using var agent = new ServiceProcess("Orchestrator.NodeAgent", new Dictionary<string, string>
        {
            ["ORCH_BUS"] = broker.NodeUri(_nodeId),
            ["ORCH_CLUSTER_ID"] = clusterId,
            ["NodeAgent__NodeId"] = _nodeId,
            ["NodeAgent__NodeName"] = "joined",
            ["NodeAgent__Network"] = "false",
        });
        await agent.StartAsync();
        await Until.IsAsync(() => Task.FromResult(agent.Log()), log => log.Contains("The broker has no exchange", StringComparison.Ordinal), "the agent tells what is missing");
        await using var control = await SingleNode.StartAsync(broker.ControlUri);
        await Until.IsAsync(
            () => NodesAsync(control),
            nodes => nodes.Any(node => node.Text("name") == "joined" && node.Text("liveness") == "Ready"),
            $"the agent's node is ready; it says: {agent.Log()}");
        Assert.Single(agent.Log().Split('\n'), line => line.Contains("The broker has no exchange", StringComparison.Ordinal));
        Assert.DoesNotContain(await broker.ExchangesAsync(), name => name.Contains("faults", StringComparison.Ordinal));
    }

    private static async Task<Testing.Broker> RequireAsync()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        var broker = await Testing.Broker.TryCreateAsync();
        Assert.SkipUnless(broker is not null, Testing.Broker.Missing);
        return broker!;
    }

    private static async Task<IReadOnlyList<JsonElement>> NodesAsync(SingleNode node) =>
        [.. JsonSerializer.Deserialize<JsonElement>((await node.OrchAsync("node", "ls", "--json")).OutputOrThrow()).EnumerateArray()];

    private static string Header(BasicGetResult message, string name) =>
        System.Text.Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers![name]!);

    private static async Task JoinAsync(IChannel channel, string nodeId, string name, string clusterId, string? sender)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                NodeId = nodeId,
                ClusterId = clusterId,
                AgentEpoch = long.MaxValue,
                Name = name,
                Role = "Worker",
                Capacity = new { Cpus = 1.0, MemoryBytes = 1L << 30, DiskBytes = 1L << 30 },
                Platform = new { Os = "linux", Architecture = "x86_64" },
                Engine = new { Version = "1", ApiVersion = "1" },
                OccurredAt = TimeProvider.System.GetUtcNow(),
            },
            JsonSerializerOptions.Web);
        var properties = new BasicProperties
        {
            ContentType = "application/json",
            Persistent = true,
            Headers = new Dictionary<string, object?> { ["MT-MessageType"] = "urn:message:Orchestrator.Contracts:NodeJoined" },
        };
        if (sender is not null)
        {
            properties.UserId = sender;
        }

        await channel.BasicPublishAsync("orchestrator.reports.node-joined", "", mandatory: true, properties, body);
    }
}
