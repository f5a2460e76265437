using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RabbitMQ.Client;

namespace Orchestrator.Broker.Integration.Tests;

/// <summary>Queues as for a cluster of brokers, on one broker: what is declared, and that definitions and services never contradict each other.</summary>
public sealed partial class QuorumQueueTests
{
    private const string App = "quorum";
    private static readonly Dictionary<string, string> Asked = new() { ["ORCH_QUORUM_QUEUES"] = "true" };

    [Fact]
    public async Task WhereTheyAreAskedFor_AllQueuesThatLastAreQuorumQueues_AndAllWorks()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        await using var broker = await Testing.Broker.TryCreateAsync();
        Assert.SkipUnless(broker is not null, Testing.Broker.Missing);
        await broker.LoadDefinitionsAsync("n" + Guid.NewGuid().ToString("N"), quorum: true);
        await using var node = await SingleNode.StartAsync(broker.ControlUri, Asked);
        await node.Api.DeployAsync(App, $$"""
            services:
              job: { image: "{{await Engine.ImageAsync(1)}}", pull_policy: never, stop_grace_period: 1s }
            """);
        await node.Api.RunningAsync(App, "job", 1);

        await PublishAsync(broker, "{ not json");
        await Until.IsAsync(() => broker.QueuesAsync(), queues => queues.Keys.Any(name => name.EndsWith("_error", StringComparison.Ordinal)), "what cannot be read is set aside");
        var queues = await TypesAsync(broker);
        Assert.All(queues.Where(queue => !OfOneProcess().IsMatch(queue.Key)), queue => Assert.Equal("quorum", queue.Value));
        Assert.Contains("orchestrator.scheduler.deploy-app_error", queues.Keys);
        Assert.Contains(queues.Keys, name => name.StartsWith("orchestrator.node.", StringComparison.Ordinal));
        Assert.Equal(await DefinedAsync(), queues.Keys.Where(name => !OfOneProcess().IsMatch(name) && !name.StartsWith("orchestrator.node.", StringComparison.Ordinal) && !name.EndsWith("_error", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private static async Task PublishAsync(Testing.Broker broker, string body)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker.AmqpUri) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.BasicPublishAsync("orchestrator.commands.deploy-app", "", mandatory: true, new BasicProperties { ContentType = "application/json", Persistent = true }, System.Text.Encoding.UTF8.GetBytes(body));
    }

    private static async Task<IReadOnlyDictionary<string, string>> TypesAsync(Testing.Broker broker) =>
        (await broker.DefinitionsAsync())["queues"]!.AsArray().ToDictionary(queue => (string)queue!["name"]!, queue => (string?)queue!["arguments"]!["x-queue-type"] ?? "classic");

    private static async Task<IEnumerable<string>> DefinedAsync() =>
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "infra/rabbitmq/definitions.json")))!["queues"]!.AsArray()
            .Select(queue => (string)queue!["name"]!).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^orchestrator\.(api|scheduler|health-monitor)\.[0-9a-f]{32}$")]
    private static partial Regex OfOneProcess();
}
