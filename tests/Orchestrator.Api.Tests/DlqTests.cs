using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using RabbitMQ.Client;

namespace Orchestrator.Api.Tests;

/// <summary>What no consumer could take, on a real broker.</summary>
public sealed class DlqTests : IAsyncLifetime
{
    private const string Origin = "orchestrator.scheduler.deploy-app";
    private const string Errors = Origin + "_error";
    private const string Skipped = Origin + "_skipped";
    private readonly FailingScheduler.State _scheduler = new();
    private Broker? _broker;
    private ApiHost? _api;

    private ApiHost Api => _api!;

    public async ValueTask InitializeAsync()
    {
        _broker = await Broker.TryCreateAsync();
        Assert.SkipUnless(_broker is not null, Broker.Missing);
        _api = await ApiHost.StartAsync(new ApiHost
        {
            BrokerUri = _broker.Uri,
            OnTheBus = new BusService(
                bus => bus.AddConsumer<FailingScheduler>(),
                (bus, context) => bus.ReceiveEndpoint(Origin, endpoint =>
                {
                    endpoint.ConfigureConsumeTopology = false;
                    endpoint.PrefetchCount = 1;
                    endpoint.ConfigureConsumer<FailingScheduler>(context);
                })),
            Change = services => services.AddSingleton(_scheduler),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await (_api?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_broker?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task FailedMessages_AreShown_AsOftenAsOneLikes_AndStayInOrder()
    {
        await FailAsync("one", "two", "three");
        var queue = Assert.Single((await Api.GetAsync("/api/v1/dlq")).EnumerateArray());
        Assert.Equal((Errors, 3), (queue.Text("queue"), queue.GetProperty("messages").GetInt32()));
        Assert.True(queue.GetProperty("oldestAt").GetDateTimeOffset() > DateTimeOffset.UnixEpoch.AddYears(50));
        for (var i = 0; i < 3; i++)
        {
            var messages = (await Api.GetAsync($"/api/v1/dlq/{Errors}")).EnumerateArray().ToList();
            Assert.Equal(["one", "two", "three"], messages.Select(message => message.At("body").Text("app")));
            Assert.Equal(("DeployApp", "fault", "System.InvalidOperationException", "cannot take one"), (
                messages[0].Text("type"), messages[0].Text("reason"), messages[0].Text("exception"), messages[0].Text("message")));
            Assert.NotEqual("", messages[0].Text("host"));
            Assert.NotEqual("", messages[0].Text("failedAt"));
            Assert.Equal("one", Assert.Single((await Api.GetAsync($"/api/v1/dlq/{Errors}?limit=1")).EnumerateArray()).At("body").Text("app"));
        }
    }

    [Fact]
    public async Task AFailedMessage_GoesBackToItsQueue_WithoutTheTracesOfItsFailure()
    {
        await FailAsync("one", "two", "three", "four");
        _scheduler.Fails = false;
        var messages = (await Api.GetAsync($"/api/v1/dlq/{Errors}")).EnumerateArray().ToList();
        var moved = await MoveAsync("retry", new { Id = messages[1].Text("id") });
        Assert.Equal((1, Origin), (moved.GetProperty("messages").GetInt32(), moved.Text("origin")));
        await TakenAsync("two");
        Assert.DoesNotContain(_scheduler.Taken.Single().Headers, header => header.StartsWith("MT-Fault", StringComparison.Ordinal) || header == "MT-Reason");
        Assert.Contains(_scheduler.Taken.Single().Headers, header => header == "MT-MessageType");
        Assert.Equal(["one", "three", "four"], (await Api.GetAsync($"/api/v1/dlq/{Errors}")).EnumerateArray().Select(message => message.At("body").Text("app")));

        await MoveAsync("drop", new { Id = messages[2].Text("id") });
        Assert.Equal(2, (await MoveAsync("retry", new { All = true })).GetProperty("messages").GetInt32());
        await TakenAsync("two", "one", "four");
        Assert.Equal(0, (await Api.GetAsync("/api/v1/dlq")).GetArrayLength());
    }

    [Fact]
    public async Task WhatFailsAgain_ComesBackOnce_AndIsNotTriedForEver()
    {
        await FailAsync("one", "two");
        Assert.Equal(2, (await MoveAsync("retry", new { All = true })).GetProperty("messages").GetInt32());
        await CountAsync(Errors, 2);
        Assert.Equal(2, (await MoveAsync("drop", new { All = true })).GetProperty("messages").GetInt32());
        Assert.Equal(0, (await Api.GetAsync($"/api/v1/dlq/{Errors}")).GetArrayLength());
    }

    [Fact]
    public async Task FailedMessages_AreCounted_InTheMetricAndInTheStatus()
    {
        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Name: "orchestrator_error_queue_messages", Meter.Name: "Orchestrator.Api" } && instrument.Meter.Scope == Api.Store<IMeterFactory>())
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => seen[(string)tags[0].Value!] = value);
        listener.Start();
        await FailAsync("one", "two");
        await Until.IsAsync(
            () =>
            {
                listener.RecordObservableInstruments();
                return Task.FromResult(seen.GetValueOrDefault(Errors));
            },
            count => count == 2,
            "the gauge tells");
        var status = await Api.GetAsync("/api/v1/status");
        Assert.Contains($"{Errors} holds 2 failed messages; see orch dlq show {Errors}", status.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()));
        await MoveAsync("drop", new { All = true });
        Assert.DoesNotContain("failed message", (await Api.GetAsync("/api/v1/status")).GetProperty("problems").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatThereIsNoConsumerFor_IsListedToo()
    {
        var endpoint = await Api.Bus.GetSendEndpoint(new Uri("exchange:" + Origin));
        await endpoint.Send(new RemoveApp { CommandId = "c", App = "elsewhere" });
        await CountAsync(Skipped, 1);
        var message = Assert.Single((await Api.GetAsync($"/api/v1/dlq/{Skipped}")).EnumerateArray());
        Assert.Equal(("RemoveApp", "elsewhere"), (message.Text("type"), message.At("body").Text("app")));
    }

    [Fact]
    public async Task WhereTheQueueIsGone_NothingIsMoved_AndNothingIsLost()
    {
        const string gone = "orchestrator.node.gone_error";
        var factory = new ConnectionFactory { Uri = new Uri(_broker!.AmqpUri) };
        await using var connection = await factory.CreateConnectionAsync(TestContext.Current.CancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        await channel.QueueDeclareAsync(gone, durable: true, exclusive: false, autoDelete: false, cancellationToken: TestContext.Current.CancellationToken);
        await channel.BasicPublishAsync("", gone, "not json"u8.ToArray(), TestContext.Current.CancellationToken);
        await Until.IsAsync(async () => (await Api.GetAsync($"/api/v1/dlq/{gone}")).GetArrayLength(), count => count == 1, "it is there");
        await ProblemAsync($"{gone}/retry", new { All = true }, HttpStatusCode.Conflict, "orchestrator.node.gone is not there any more");
        var message = Assert.Single((await Api.GetAsync($"/api/v1/dlq/{gone}")).EnumerateArray());
        Assert.Equal("not json", message.Text("body"));
        Assert.StartsWith("body-", message.Text("id"), StringComparison.Ordinal);
        await ProblemAsync($"{gone}/drop", new { Id = "another" }, HttpStatusCode.NotFound, "holds no message another");
        using var dropped = await PostAsync($"{gone}/drop", new { Id = message.Text("id") });
        Assert.Equal(HttpStatusCode.OK, dropped.StatusCode);
        Assert.Equal(0, (await Api.GetAsync($"/api/v1/dlq/{gone}")).GetArrayLength());
    }

    [Fact]
    public async Task WhatIsNoErrorQueue_IsLeftAlone()
    {
        await ProblemAsync("amq.something/drop", new { All = true }, HttpStatusCode.NotFound, "there is no error queue 'amq.something'");
        await ProblemAsync(Origin + "/drop", new { All = true }, HttpStatusCode.NotFound, "there is no error queue");
        await ProblemAsync("orchestrator.none_error/retry", new { All = true }, HttpStatusCode.NotFound, "there is no error queue");
        await ProblemAsync(Errors + "/retry", new { All = false }, HttpStatusCode.BadRequest, "name one message by its id, or all of them");
    }

    private async Task FailAsync(params string[] apps)
    {
        var endpoint = await Api.Bus.GetSendEndpoint(new Uri("exchange:" + Origin));
        foreach (var app in apps)
        {
            await endpoint.Send(new DeployApp { CommandId = "c-" + app, App = app });
        }

        await CountAsync(Errors, apps.Length);
    }

    private Task CountAsync(string queue, int count) => Until.IsAsync(
        () => Api.GetAsync("/api/v1/dlq"),
        queues => queues.EnumerateArray().Any(row => row.Text("queue") == queue && row.GetProperty("messages").GetInt32() == count),
        $"{queue} holds {count}");

    private Task TakenAsync(params string[] apps) => Until.IsAsync(
        () => Task.FromResult(_scheduler.Taken.Select(item => item.App).ToList()), taken => taken.SequenceEqual(apps), "they are taken: " + string.Join(", ", apps));

    private async Task<JsonElement> MoveAsync(string what, object which)
    {
        using var response = await PostAsync($"{Errors}/{what}", which);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private Task<HttpResponseMessage> PostAsync(string path, object body) => Api.Http.PostAsJsonAsync(new Uri("/api/v1/dlq/" + path, UriKind.Relative), body);

    private async Task ProblemAsync(string path, object body, HttpStatusCode status, string said)
    {
        using var response = await PostAsync(path, body);
        Assert.Equal(status, response.StatusCode);
        Assert.Contains(said, (await response.Content.ReadFromJsonAsync<JsonElement>()).Text("detail"), StringComparison.Ordinal);
    }
}
