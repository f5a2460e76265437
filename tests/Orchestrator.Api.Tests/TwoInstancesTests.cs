using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Api.Commands;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Api.Tests;

/// <summary>Two instances of the API on one broker and one store.</summary>
public sealed class TwoInstancesTests : IAsyncLifetime
{
    private Broker? _broker;
    private TcpProxy? _proxy;
    private ApiHost? _first;
    private ApiHost? _second;

    private ApiHost First => _first!;

    private ApiHost Second => _second!;

    public async ValueTask InitializeAsync()
    {
        _broker = await Broker.TryCreateAsync();
        Assert.SkipUnless(_broker is not null, Broker.Missing);
        _proxy = new TcpProxy("127.0.0.1", 5672);
        _first = await ApiHost.StartAsync(new ApiHost { BrokerUri = _broker.UriAt(_proxy.Port) });
        _second = await ApiHost.StartAsync(new ApiHost
        {
            BrokerUri = _broker.Uri,
            Beside = _first,
            OnTheBus = new BusService(
                bus => bus.AddConsumer<TestNode>(),
                (bus, context) => bus.ReceiveEndpoint(NodeQueue.Name("n1"), endpoint => endpoint.ConfigureConsumer<TestNode>(context))),

            // What waits for an answer here is woken, or waits for ever.
            Change = services => services.AddSingleton(provider => new CommandAnswers(
                provider.GetRequiredService<ICommandStore>(), provider.GetRequiredService<ICommandResultStore>(), new StoppedTime())),
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in new IAsyncDisposable?[] { _second, _first, _broker })
        {
            await (part?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        _proxy?.Dispose();
    }

    [Fact]
    public async Task AnAnswer_WakesWhoWaitsForIt_OnWhicheverInstance()
    {
        for (var i = 0; i < 4; i++)
        {
            // Silent: answered when it is published again, so that the wait begins first.
            using var response = await First.DeployAsync(new { App = "silent", Compose = "services: { web: { image: 'web:1' } }" }, "wake-" + i);
            var taken = await response.Content.ReadFromJsonAsync<JsonElement>();
            var command = await Second.GetAsync(taken.Text("location") + "?wait=30").WaitAsync(Until.Deadline, TimeProvider.System);
            Assert.Equal("Accepted", command.Text("state"));
        }
    }

    [Fact]
    public async Task AStream_GoesOnAtTheOtherInstance_WithNothingLostOrDoubled()
    {
        await PublishAsync(First, 0, 20);
        await HistoryAsync(20);
        var (seen, last) = (new List<string>(), 0L);
        foreach (var (instance, count) in new[] { (First, 7), (Second, 9), (First, 14) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events?app=many");
            request.Headers.Accept.ParseAdd("text/event-stream");
            request.Headers.Add("Last-Event-ID", last.ToString(CultureInfo.InvariantCulture));
            using var response = await instance.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            if (count == 14)
            {
                // Live ones, whoever writes them.
                await PublishAsync(Second, 20, 10);
            }

            for (var i = 0; i < count; i++)
            {
                var (id, body) = await FrameAsync(reader);
                last = id;
                seen.Add(body.Text("eventId"));
            }
        }

        Assert.Equal(Enumerable.Range(0, 30).Select(Name), seen.Order());
    }

    [Fact]
    public async Task WhenTheWriterDies_TheOtherTakesOver_WithoutAGapOrADouble()
    {
        const int count = 600;
        var publishing = PublishAsync(Second, 0, count);
        await Until.IsAsync(() => First.Store<IHistoryStore>().LastSequenceAsync(CancellationToken.None), last => last >= 50, "the first writes");

        // As if its machine had gone: what it holds comes back to the queue, while it may still be storing it.
        _proxy!.Cut();
        await publishing;
        var events = await HistoryAsync(count);
        Assert.Equal(Enumerable.Range(0, count).Select(Name), events.Select(item => item.EventId).Order());
        Assert.Equal(Enumerable.Range(0, count).Select(i => events[0].Sequence + i), events.Select(item => item.Sequence));

        _proxy.Heal();
        await PublishAsync(Second, count, 50);
        Assert.Equal(count + 50, (await HistoryAsync(count + 50)).Select(item => item.Sequence).Distinct().Count());
    }

    [Fact]
    public async Task TheLinesOfATask_ComeToTheInstanceThatAsked()
    {
        await First.Store<ITaskStore>().InsertManyAsync(
            [
                new TaskDocument
                {
                    Id = "logged", App = "a", Service = "b", ServiceId = "s", Slot = 1, Revision = 1, TemplateHash = "h", Attempt = 1, Image = "i", NodeId = "n1",
                    State = TaskState.Running, CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch,
                },
            ],
            CancellationToken.None);
        foreach (var instance in new[] { First, Second })
        {
            Assert.Equal("a line of logged", Assert.Single((await instance.GetAsync("/api/v1/logs?task=logged")).EnumerateArray()).Text("text"));
        }
    }

    private static string Name(int i) => "event-" + i.ToString("0000", CultureInfo.InvariantCulture);

    private static async Task PublishAsync(ApiHost instance, int from, int count) =>
        await instance.Bus.PublishManyAsync([.. Enumerable.Range(from, count).Select(i => ApiHost.Event(Name(i), "many"))], CancellationToken.None);

    /// <returns>All events, when there are so many.</returns>
    private Task<IReadOnlyList<HistoryEvent>> HistoryAsync(int count) => Until.IsAsync(
        () => Second.Store<IHistoryStore>().ReadAsync(0, new HistoryFilter { App = "many" }, 10_000, CancellationToken.None), events => events.Count >= count, $"{count} events are kept");

    private static async Task<(long Id, JsonElement Body)> FrameAsync(StreamReader reader)
    {
        using var limit = new CancellationTokenSource(Until.Deadline, TimeProvider.System);
        var id = 0L;
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = long.Parse(line["id: ".Length..], CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return (id, JsonSerializer.Deserialize<JsonElement>(line["data: ".Length..]));
            }
        }

        throw new EndOfStreamException("the stream ended");
    }
}
