using System.Text.Json;

namespace Orchestrator.Api.Tests;

public sealed class EventTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Events_AreKeptOnce_InOrder_AndReadByPage()
    {
        foreach (var id in new[] { "h1", "h2", "h2", "h3" })
        {
            await PublishAsync(id, "history");
        }

        var all = await UntilAsync(() => ReadAsync("/api/v1/events?app=history"), events => events.Count == 3);
        Assert.Equal(["h1", "h2", "h3"], all.Select(item => item.GetProperty("eventId").GetString()));
        Assert.Equal("app-removed", all[0].GetProperty("body").GetProperty("type").GetString());
        var second = all[1].GetProperty("sequence").GetInt64();
        var rest = await ReadAsync($"/api/v1/events?app=history&after={second}");
        Assert.Equal("h3", Assert.Single(rest).GetProperty("eventId").GetString());
        Assert.Equal("h3", Assert.Single(await ReadAsync("/api/v1/events?app=history&limit=1")).GetProperty("eventId").GetString());
        Assert.Empty(await ReadAsync("/api/v1/events?app=history&type=rollout-started"));
    }

    [Fact]
    public async Task AStream_TellsWhatComes_AndGoesOnWhereAClientLeft()
    {
        await PublishAsync("s0", "stream");
        var before = (await UntilAsync(() => ReadAsync("/api/v1/events?app=stream"), events => events.Count == 1))[0].GetProperty("sequence").GetInt64();
        await PublishAsync("s1", "stream");
        await UntilAsync(() => ReadAsync("/api/v1/events?app=stream"), events => events.Count == 2);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events?app=stream");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Add("Last-Event-ID", $"{before}");
        using var response = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("s1", await NextAsync(reader));
        await PublishAsync("s2", "stream");
        await PublishAsync("other", "elsewhere");
        await PublishAsync("s3", "stream");
        Assert.Equal("s2", await NextAsync(reader));
        Assert.Equal("s3", await NextAsync(reader));
    }

    internal static async Task<string?> NextAsync(StreamReader reader)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonSerializer.Deserialize<JsonElement>(line["data: ".Length..]).GetProperty("eventId").GetString();
            }
        }

        return null;
    }

    private Task PublishAsync(string id, string app) => api.Bus.Publish(ApiHost.Event(id, app));

    private async Task<IReadOnlyList<JsonElement>> ReadAsync(string path) => [.. (await api.GetAsync(path)).EnumerateArray()];

    private static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> good)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (good(seen))
            {
                return seen;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20), $"not in time; last seen: {seen}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
