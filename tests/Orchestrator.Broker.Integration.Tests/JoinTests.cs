using System.Buffers.Text;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.Json.Nodes;
using RabbitMQ.Client;

namespace Orchestrator.Broker.Integration.Tests;

/// <summary>A machine joins over TLS with the token that the command line prints.</summary>
[SupportedOSPlatform("linux")]
public sealed class JoinTests(OpenCluster cluster) : IClassFixture<OpenCluster>
{
    private const string TokenPrefix = "orch1-";

    [Fact]
    public async Task AMachine_JoinsOnce_WithAToken_AndRunsAsItsOwnUser()
    {
        cluster.Require();
        var token = await TokenAsync();
        var joined = await JoinAsync("first", token);
        Assert.True(joined.ExitCode == 0, joined.Error);
        var path = Path.Combine(cluster.Folder, "first", "node.json");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var nodeId = (string)JsonNode.Parse(await File.ReadAllTextAsync(path))!["nodeId"]!;

        var second = await JoinAsync("second", token);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("get another with 'orch node join-command'", second.Error, StringComparison.Ordinal);

        await using var agent = new ServiceProcess("Orchestrator.NodeAgent", new Dictionary<string, string>
        {
            ["ORCH_STATE"] = Path.Combine(cluster.Folder, "first"),
            ["NodeAgent__NodeName"] = "second-machine",
            ["NodeAgent__Network"] = "false",
        });
        await agent.StartAsync();
        await Until.IsAsync(
            () => NodesAsync(),
            nodes => nodes.Any(node => node.Text("id") == nodeId && node.Text("liveness") == "Ready" && node.Text("role") == "Manager"),
            "the node that joined is ready");
        var tokenUser = "join." + (string)Read(token)["i"]!;
        await Until.IsAsync(() => cluster.Broker.UsersAsync(), users => !users.Contains(tokenUser), "the token's user is gone");
        Assert.Contains("node." + nodeId, await cluster.Broker.UsersAsync());

        var refused = await cluster.Control.OrchAsync("node", "rm", nodeId);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("node 'second-machine' answers: stop its agent there first", refused.Error, StringComparison.Ordinal);
        Assert.Equal("second-machine: removed", (await cluster.Control.OrchAsync("node", "rm", "second-machine", "--force")).OutputOrThrow().Trim());
        await Until.IsAsync(() => cluster.Broker.UsersAsync(), users => !users.Contains("node." + nodeId), "the node's user is gone");
        await Until.IsAsync(() => NodesAsync(), nodes => nodes.All(node => node.Text("id") != nodeId), "the node is gone");
        await Until.IsAsync(() => cluster.Broker.QueuesAsync(), queues => !queues.Contains("orchestrator.node." + nodeId), "its queue is gone");
    }

    [Fact]
    public async Task ATokensUser_MayDoNothingButAsk_AndExpires()
    {
        cluster.Require();
        var token = Read(await TokenAsync("--ttl", "10s"));
        var user = "join." + (string)token["i"]!;
        var address = new UriBuilder(cluster.Broker.ControlUri) { UserName = user, Password = (string)token["p"]! };
        await using (var connection = await new ConnectionFactory { Uri = address.Uri }.CreateConnectionAsync())
        {
            await RefusedAsync(connection, channel => channel.BasicGetAsync("orchestrator.scheduler.nodes", autoAck: true));
            await RefusedAsync(connection, channel => channel.BasicPublishAsync("orchestrator.commands.deploy-app", "", "{}"u8.ToArray()).AsTask());
            await RefusedAsync(connection, channel => channel.BasicPublishAsync("orchestrator.reports.node-joined", "", "{}"u8.ToArray()).AsTask());
            await RefusedAsync(connection, channel => channel.QueueDeclareAsync("orchestrator.node.mine", durable: true, exclusive: false, autoDelete: false));
        }

        await Until.IsAsync(() => cluster.Broker.UsersAsync(), users => !users.Contains(user), "the user is gone when the token has expired");
    }

    [Fact]
    public async Task ABroker_ThatTheTokensAuthorityDidNotSign_IsRefused()
    {
        cluster.Require();
        var token = Read(await TokenAsync());
        token["s"] = new string('0', 64);
        var text = TokenPrefix + Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(token));
        var joined = await JoinAsync("deceived", text);
        Assert.Equal(1, joined.ExitCode);
        Assert.False(File.Exists(Path.Combine(cluster.Folder, "deceived", "node.json")));
    }

    [Fact]
    public async Task AnOpenBroker_ThatIsNotOnThisMachine_IsRefused()
    {
        cluster.Require();
        var token = Read(await TokenAsync());
        token["b"] = "amqp://192.0.2.1:5672/orchestrator";
        token["s"] = null;
        var joined = await JoinAsync("open", TokenPrefix + Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(token)));
        Assert.Equal(2, joined.ExitCode);
        Assert.Contains("--insecure", joined.Error, StringComparison.Ordinal);
    }

    private static JsonNode Read(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.AsSpan(TokenPrefix.Length)))!;

    private static async Task RefusedAsync(IConnection connection, Func<IChannel, Task> attempt)
    {
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            await attempt(channel);
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            // The reason stands in the channel.
        }

        await Until.IsAsync(() => Task.FromResult(channel.CloseReason?.ReplyCode), code => code == 403, "access is refused");
    }

    private async Task<string> TokenAsync(params string[] options) => JsonSerializer.Deserialize<JsonElement>(
        (await cluster.Control.OrchAsync(["node", "join-command", "--json", "--role", "manager", .. options])).OutputOrThrow()).Text("token");

    private Task<ShellResult> JoinAsync(string machine, string token) => Shell.RunAsync(
        "dotnet",
        [Repository.Program("Orchestrator.NodeAgent", "Orchestrator.NodeAgent"), "join", "--token", token],
        new Dictionary<string, string> { ["ORCH_STATE"] = Path.Combine(cluster.Folder, machine) });

    private async Task<IReadOnlyList<JsonElement>> NodesAsync() =>
        [.. JsonSerializer.Deserialize<JsonElement>((await cluster.Control.OrchAsync("node", "ls", "--json")).OutputOrThrow()).EnumerateArray()];
}
