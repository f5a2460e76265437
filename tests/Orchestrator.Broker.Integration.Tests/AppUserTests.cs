using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace Orchestrator.Broker.Integration.Tests;

/// <summary>An application with a user of its own on the broker, which may say how its tasks are and nothing else.</summary>
public sealed class AppUserTests
{
    private const string Exchange = "orchestrator.commands.post-task-health";
    private const string Nothing = "^$";
    private const string Write = @"^orchestrator\.commands\.post-task-health$";
    private readonly string _app = "app" + Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task ItsWord_InPlainJson_MakesItsTaskReadyAndNot_AndItSpeaksForNoOther()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        await using var broker = await Testing.Broker.TryCreateAsync();
        Assert.SkipUnless(broker is not null, Testing.Broker.Missing);
        await broker.LoadDefinitionsAsync("n" + Guid.NewGuid().ToString("N"));
        await using var node = await SingleNode.StartAsync(broker.ControlUri);
        await node.Api.DeployAsync(_app, $$"""
            services:
              web:
                image: {{await Engine.ImageAsync(1)}}
                pull_policy: never
                stop_grace_period: 1s
                x-orchestrator: { probes: { readiness: { posted: {} } } }
            """);
        var running = await TaskAsync(node, task => task.Text("state") == "Running", "it runs");
        Assert.Equal("false", running.Text("ready"));
        var id = running.Text("id");
        var user = "app." + _app;
        var others = user + "-2";
        await using var connection = await ConnectAsync(await broker.AddUserAsync(user, Nothing, Write, Nothing));
        await using var own = await OpenAsync(connection);
        await using var otherConnection = await ConnectAsync(await broker.AddUserAsync(others, Nothing, Write, Nothing));
        await using var other = await OpenAsync(otherConnection);

        await PublishAsync(own, user, $$$"""{"taskId":"{{{id}}}","health":{"ready":true,"load":2.5}}""");
        await TaskAsync(node, task => task.Text("ready") == "true", "it is ready");
        await PublishAsync(own, user, $$$"""{"taskId":"{{{id}}}","health":{"ready":false,"message":"the cache is cold"}}""");
        var waiting = await TaskAsync(node, task => task.Text("ready") == "false", "it is not ready");
        Assert.Equal((id, "its readiness probe fails: it posted ready: false (the cache is cold)"), (waiting.Text("id"), waiting.Text("message")));

        await PublishAsync(other, others, $$$"""{"taskId":"{{{id}}}","health":{"ready":true}}""");
        Assert.Equal($"taskId: user '{others}' speaks for tasks of application '{_app}-2' alone", ErrorsOf(await RejectionAsync(node, 1)));
        await PublishAsync(other, sender: null, $$$"""{"taskId":"{{{id}}}","health":{"ready":true}}""");
        Assert.StartsWith("user_id: it is missing", ErrorsOf(await RejectionAsync(node, 2)), StringComparison.Ordinal);

        // Not even the answer to another's command.
        await PublishAsync(own, user, """{"commandId":"another's","taskId":7}""");
        var unread = await RejectionAsync(node, 3);
        Assert.StartsWith("the body cannot be read", ErrorsOf(unread), StringComparison.Ordinal);
        Assert.Equal("", unread.Text("commandId"));
        Assert.Equal("false", (await node.Api.TasksAsync(_app))[0].Text("ready"));
        Assert.DoesNotContain((await broker.QueuesAsync()).Keys, name => name.EndsWith("_error", StringComparison.Ordinal));
        await PublishAsync(own, user, $$$"""{"taskId":"{{{id}}}","health":{"ready":true}}""");
        await TaskAsync(node, task => task.Text("ready") == "true", "it is ready again");
    }

    [Fact]
    public async Task TheBroker_LetsItDoNothingElse()
    {
        await using var broker = await Testing.Broker.TryCreateAsync();
        Assert.SkipUnless(broker is not null, Testing.Broker.Missing);
        await broker.LoadDefinitionsAsync("n" + Guid.NewGuid().ToString("N"));
        var user = "app." + _app;
        var uri = await broker.AddUserAsync(user, Nothing, Write, Nothing);
        await RefusedAsync(uri, channel => PublishAsync(channel, user, "{}", "orchestrator.commands.deploy-app"));
        await RefusedAsync(uri, channel => PublishAsync(channel, user, "{}", "orchestrator.events.command-rejected"));
        await RefusedAsync(uri, channel => channel.QueueDeclareAsync("mine", durable: false, exclusive: true, autoDelete: true));
        await RefusedAsync(uri, channel => channel.BasicGetAsync("orchestrator.api.post-task-health", autoAck: true));
        await RefusedAsync(uri, channel => PublishAsync(channel, "app.another", "{}"));
    }

    private static Task<IConnection> ConnectAsync(string uri) => new ConnectionFactory { Uri = new Uri(uri) }.CreateConnectionAsync();

    private static Task<IChannel> OpenAsync(IConnection connection) =>
        connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));

    private static async Task PublishAsync(IChannel channel, string? sender, string body, string exchange = Exchange)
    {
        var properties = new BasicProperties();
        if (sender is not null)
        {
            properties.UserId = sender;
        }

        await channel.BasicPublishAsync(exchange, "", mandatory: true, properties, Encoding.UTF8.GetBytes(body));
    }

    private static async Task RefusedAsync(string uri, Func<IChannel, Task> attempt)
    {
        await using var connection = await ConnectAsync(uri);
        await using var channel = await OpenAsync(connection);
        await Assert.ThrowsAnyAsync<Exception>(() => attempt(channel));
        await Until.IsAsync(() => Task.FromResult(channel.CloseReason?.ReplyCode), code => code is 403 or 406, "the broker refuses");
    }

    private async Task<JsonElement> TaskAsync(SingleNode node, Func<JsonElement, bool> good, string what) =>
        (await Until.IsAsync(() => node.Api.TasksAsync(_app), tasks => tasks.Count == 1 && good(tasks[0]), what))[0];

    /// <returns>The newest, when there are so many.</returns>
    private static async Task<JsonElement> RejectionAsync(SingleNode node, int count) => (await Until.IsAsync(
        () => node.Api.ListAsync("events?type=command-rejected"), rejections => rejections.Count == count, $"{count} are answered"))[^1].At("body");

    private static string ErrorsOf(JsonElement rejection) => string.Join('|', rejection.At("errors").EnumerateArray());
}
