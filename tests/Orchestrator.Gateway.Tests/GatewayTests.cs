using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Orchestrator.Gateway.Tests;

public sealed class GatewayTests
{
    private const string First = "127.0.0.1";
    private const string Second = "127.0.0.2";

    [Fact]
    public async Task EveryInstance_GetsItsShare_AndSeesTheNameThatWasAskedFor()
    {
        await using var gateway = await GatewayHost.StartAsync(First, Second);
        await using var first = await FakeApi.StartAsync(First, gateway.ApiPort);
        await using var second = await FakeApi.StartAsync(Second, gateway.ApiPort);
        await gateway.OnlyAsync(First, Second);
        Assert.EndsWith($" as api.test:{gateway.ApiPort}", await gateway.Http.GetStringAsync(new Uri("/api/v1/who", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instances_ComeAndGo()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using (var answer = await gateway.Http.GetAsync(new Uri("/api/v1/who", UriKind.Relative)))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.Contains("no API runs", (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("detail"), StringComparison.Ordinal);
        }

        await ReadyAsync(gateway, HttpStatusCode.ServiceUnavailable);
        await using var first = await FakeApi.StartAsync(First, gateway.ApiPort);
        gateway.NowAt(First);
        await gateway.OnlyAsync(First);
        await ReadyAsync(gateway, HttpStatusCode.OK);

        await using var second = await FakeApi.StartAsync(Second, gateway.ApiPort);
        gateway.NowAt(First, Second);
        await gateway.OnlyAsync(First, Second);

        gateway.NowAt(Second);
        await gateway.OnlyAsync(Second);
    }

    [Fact]
    public async Task WhenAnInstanceDies_NoReadingFails_AndItIsAskedAgainWhenItIsBack()
    {
        await using var gateway = await GatewayHost.StartAsync(First, Second);
        await using var first = await FakeApi.StartAsync(First, gateway.ApiPort);
        var second = await FakeApi.StartAsync(Second, gateway.ApiPort);
        await gateway.OnlyAsync(First, Second);

        await second.DisposeAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(First, await gateway.WhoAsync());
        }

        await using var back = await FakeApi.StartAsync(Second, gateway.ApiPort);
        await gateway.OnlyAsync(First, Second);
    }

    [Fact]
    public async Task AnEventStream_PassesEventByEvent_FromWhereTheClientLeft()
    {
        await using var gateway = await GatewayHost.StartAsync(First);
        await using var api = await FakeApi.StartAsync(First, gateway.ApiPort);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
        request.Headers.Add("Last-Event-ID", "41");
        using var response = await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(": from 41", await NextAsync(reader));
        foreach (var sequence in new[] { 42, 43 })
        {
            api.Happens(sequence);
            Assert.Equal($"id: {sequence}", await NextAsync(reader));
        }
    }

    [Fact]
    public async Task WhatWrites_IsSentOnce_EvenIfTheInstanceBreaksOff()
    {
        await using var gateway = await GatewayHost.StartAsync(First, Second);
        await using var first = await FakeApi.StartAsync(First, gateway.ApiPort);
        await using var second = await FakeApi.StartAsync(Second, gateway.ApiPort);
        await gateway.OnlyAsync(First, Second);
        using var answer = await gateway.Http.PostAsync(new Uri("/api/v1/broken", UriKind.Relative), JsonContent.Create(new { App = "shop" }));
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Contains("whether it took the request is not known", (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("detail"), StringComparison.Ordinal);
        Assert.Equal(1, first.Posts + second.Posts);
    }

    [Fact]
    public async Task ARefusal_ComesAsTheApiWroteIt()
    {
        await using var gateway = await GatewayHost.StartAsync(First);
        await using var api = await FakeApi.StartAsync(First, gateway.ApiPort);
        using var answer = await gateway.Http.GetAsync(new Uri("/api/v1/nothing", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("there is no such thing", (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("detail"));
    }

    private static async Task ReadyAsync(GatewayHost gateway, HttpStatusCode status) => await Until.IsAsync(
        async () =>
        {
            using var answer = await gateway.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative));
            return answer.StatusCode;
        },
        seen => seen == status,
        $"the gateway answers {status}");

    private static async Task<string?> NextAsync(StreamReader reader)
    {
        using var limit = new CancellationTokenSource(Until.Deadline, TimeProvider.System);
        string? line;
        do
        {
            line = await reader.ReadLineAsync(limit.Token);
        }
        while (line is { Length: 0 });

        return line;
    }
}
