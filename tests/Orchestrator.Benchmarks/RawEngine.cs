using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Benchmarks;

/// <summary>The leanest client there can be: create, start, look and stop over the engine's socket, nothing else.</summary>
internal sealed class RawEngine : IDisposable
{
    private static readonly TimeSpan HealthPoll = TimeSpan.FromMilliseconds(10);
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = new Uri("http://engine/") };

    /// <summary>Containers like this one, so many at a time.</summary>
    /// <param name="like">As <c>docker inspect</c> shows it.</param>
    /// <param name="count">How many.</param>
    /// <param name="concurrency">How many are on their way at once.</param>
    /// <returns>Their ids.</returns>
    public async Task<IReadOnlyList<string>> StartAsync(JsonElement like, int count, int concurrency)
    {
        var body = BodyLike(like);
        var ids = new string[count];
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = concurrency }, async (i, cancellation) =>
        {
            using var created = await _http.PostAsync("containers/create", JsonContent.Create(body), cancellation);
            created.EnsureSuccessStatusCode();
            ids[i] = (await created.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("Id").GetString()!;
            using var started = await _http.PostAsync($"containers/{ids[i]}/start", null, cancellation);
            started.EnsureSuccessStatusCode();
        });
        return ids;
    }

    /// <summary>Starts a container for each, waits until its health check is good, and stops the one it replaces; so many at a time.</summary>
    /// <returns>The new ones, and how long it took until the last old one had stopped.</returns>
    public async Task<(IReadOnlyList<string> Ids, TimeSpan Took)> ReplaceAsync(JsonElement like, IReadOnlyList<string> old, int concurrency)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        var ids = new string[old.Count];
        var stopping = new Task[old.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, old.Count), new ParallelOptions { MaxDegreeOfParallelism = concurrency }, async (i, cancellation) =>
        {
            ids[i] = (await StartAsync(like, 1, 1))[0];
            while (!await IsHealthyAsync(ids[i], cancellation))
            {
                await Task.Delay(HealthPoll, time, cancellation);
            }

            stopping[i] = StopAsync(old[i]);
        });
        await Task.WhenAll(stopping);
        var took = time.GetElapsedTime(start);
        await RemoveAsync(old);
        return (ids, took);
    }

    /// <summary>One after another: this is not measured, and Docker Engine 20.10 can lock itself up for good when containers leave one network at once.</summary>
    public async Task RemoveAsync(IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
        {
            using var removed = await _http.DeleteAsync($"containers/{id}?force=true&v=true");
            removed.EnsureSuccessStatusCode();
        }
    }

    /// <returns>The containers that run and carry this label, as the engine lists them.</returns>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string label)
    {
        var filters = Uri.EscapeDataString(new JsonObject { ["label"] = new JsonArray(label) }.ToJsonString());
        return [.. (await _http.GetFromJsonAsync<JsonElement>("containers/json?filters=" + filters)).EnumerateArray()];
    }

    private async Task<bool> IsHealthyAsync(string id, CancellationToken cancellation) =>
        (await _http.GetFromJsonAsync<JsonElement>($"containers/{id}/json", cancellation)).GetProperty("State").GetProperty("Health").GetProperty("Status").GetString() == "healthy";

    private async Task StopAsync(string id)
    {
        using var stopped = await _http.PostAsync($"containers/{id}/stop?t=5", null);
        stopped.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint("/var/run/docker.sock"), cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>All settings, the network and its alias too; without our labels, or an agent would take it for one of its own.</summary>
    private static JsonObject BodyLike(JsonElement like)
    {
        var body = JsonNode.Parse(like.GetProperty("Config").GetRawText())!.AsObject();
        body["Labels"] = new JsonObject { ["orchestrator-bench"] = "raw" };
        body.Remove("Hostname");
        body["HostConfig"] = JsonNode.Parse(like.GetProperty("HostConfig").GetRawText());
        var networks = new JsonObject();
        foreach (var network in like.GetProperty("NetworkSettings").GetProperty("Networks").EnumerateObject())
        {
            networks[network.Name] = new JsonObject { ["Aliases"] = new JsonArray("idle") };
        }

        body["NetworkingConfig"] = new JsonObject { ["EndpointsConfig"] = networks };
        return body;
    }
}
