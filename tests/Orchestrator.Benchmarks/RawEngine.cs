using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Benchmarks;

/// <summary>The leanest client there can be: create and start over the engine's socket, nothing else.</summary>
internal sealed class RawEngine : IDisposable
{
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

    /// <summary>One after another: this is not measured, and Docker Engine 20.10 can lock itself up for good when containers leave one network at once.</summary>
    public async Task RemoveAsync(IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
        {
            using var removed = await _http.DeleteAsync($"containers/{id}?force=true&v=true");
            removed.EnsureSuccessStatusCode();
        }
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
