using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Orchestrator.Broker.Integration.Tests;

/// <summary>What the user of one node may do on the broker, asked of the broker itself.</summary>
public sealed class NodeUserTests(TwoNodeUsers users) : IClassFixture<TwoNodeUsers>
{
    private const ushort AccessRefused = 403;

    public static TheoryData<string> Refused => [.. Attempts.Keys];

    private static Dictionary<string, Func<IChannel, string, Task>> Attempts { get; } = new()
    {
        ["read another node's queue"] = (channel, other) => channel.BasicGetAsync(other, autoAck: true),
        ["declare another node's queue"] = (channel, other) => channel.QueueDeclareAsync(other + "-2", durable: true, exclusive: false, autoDelete: false),
        ["delete another node's queue"] = (channel, other) => channel.QueueDeleteAsync(other),
        ["instruct another node"] = (channel, other) => PublishAsync(channel, other, ""),
        ["instruct another node past its exchange"] = (channel, other) => PublishAsync(channel, "", other),
        ["publish a command"] = (channel, _) => PublishAsync(channel, "orchestrator.commands.deploy-app", ""),
        ["publish an event"] = (channel, _) => PublishAsync(channel, "orchestrator.events.app-removed", ""),
        ["read the schedulers' queue"] = (channel, _) => channel.BasicGetAsync("orchestrator.scheduler.nodes", autoAck: true),
        ["declare an exchange"] = (channel, _) => channel.ExchangeDeclareAsync("orchestrator.reports.mine", ExchangeType.Fanout, durable: true),
        ["delete an exchange"] = (channel, _) => channel.ExchangeDeleteAsync("orchestrator.reports.node-joined"),
    };

    [Fact]
    public async Task ANode_DeclaresItsQueue_ReadsIt_AndReports()
    {
        await using var channel = await OpenAsync();
        await TwoNodeUsers.DeclareAsync(channel, users.Own);
        Assert.Null(await channel.BasicGetAsync(TwoNodeUsers.Queue(users.Own), autoAck: true));
        await PublishAsync(channel, "orchestrator.reports.node-heartbeat", "");
        Assert.True(channel.IsOpen);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task ANode_MayNot(string attempt)
    {
        await using var channel = await OpenAsync();
        await RefusedAsync(channel, () => Attempts[attempt](channel, TwoNodeUsers.Queue(users.Other)));
    }

    [Fact]
    public async Task ANode_MayNotListenToEvents()
    {
        await using var channel = await OpenAsync();
        await TwoNodeUsers.DeclareAsync(channel, users.Own);
        await RefusedAsync(channel, () => channel.QueueBindAsync(TwoNodeUsers.Queue(users.Own), "orchestrator.events", ""));
    }

    [Fact]
    public async Task ANode_MayNotSpeakUnderAnothersName()
    {
        await using var channel = await OpenAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => PublishAsync(channel, "orchestrator.reports.node-heartbeat", "", "node." + users.Other));
        await Until.IsAsync(() => Task.FromResult(channel.CloseReason?.ReplyCode), code => code == 406, "the broker refuses the name");
    }

    private static async Task PublishAsync(IChannel channel, string exchange, string routingKey, string? user = null)
    {
        var properties = new BasicProperties();
        if (user is not null)
        {
            properties.UserId = user;
        }

        await channel.BasicPublishAsync(exchange, routingKey, mandatory: false, properties, "{}"u8.ToArray());
    }

    private static async Task RefusedAsync(IChannel channel, Func<Task> attempt)
    {
        try
        {
            await attempt();
        }
        catch (RabbitMQClientException)
        {
            // The reason stands in the channel.
        }

        await Until.IsAsync(() => Task.FromResult(channel.CloseReason?.ReplyCode), code => code == AccessRefused, "access is refused");
    }

    private async Task<IChannel> OpenAsync()
    {
        Assert.SkipUnless(users.Connection is not null, Testing.Broker.Missing);
        return await users.Connection!.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
    }
}
