using System.Text.Json;

namespace Orchestrator.Testing;

/// <summary>Three RabbitMQ servers on loopback that are one cluster, with our definitions for one: each may be killed and started again.</summary>
public sealed class BrokerCluster : IAsyncDisposable
{
    public const int Size = 3;

    // As a server that was started without definitions has it; it is for loopback alone.
    private const string User = "guest";
    private readonly IReadOnlyList<BrokerProcess> _servers = [.. Enumerable.Range(0, Size).Select(_ => new BrokerProcess())];

    private BrokerCluster()
    {
    }

    /// <summary>Of each server, without TLS.</summary>
    public IReadOnlyList<int> Ports => [.. _servers.Select(server => server.Port)];

    /// <returns>Null where RabbitMQ is not installed or may not be started.</returns>
    public static async Task<BrokerCluster?> TryStartAsync()
    {
        if (!BrokerProcess.CanStart)
        {
            return null;
        }

        var cluster = new BrokerCluster();
        try
        {
            await cluster.StartAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Servers have numbers, from 0. Asked of one that runs.</summary>
    public async Task<QuorumQueue> QueueAsync(string name)
    {
        var queue = await AskAsync($"queues/orchestrator/{name}");
        return new QuorumQueue(queue.Text("type"), NumberOf(queue.Text("leader")), Numbers(queue, "members"), Numbers(queue, "online"));
    }

    /// <summary>The names of all queues, with their types.</summary>
    public async Task<IReadOnlyDictionary<string, string>> TypesAsync() =>
        (await AskAsync("queues/orchestrator?columns=name,type")).EnumerateArray().ToDictionary(queue => queue.Text("name"), queue => queue.Text("type"));

    /// <summary>With -9, all at once.</summary>
    public Task KillAsync(int server) => _servers[server].KillAsync();

    public Task StartAgainAsync(int server) => _servers[server].StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private Task<JsonElement> AskAsync(string path) => _servers.First(server => server.Runs).GetAsync(User, User, path);

    /// <returns>-1: none, such as the leader while one is chosen.</returns>
    private int NumberOf(string name) => _servers.Select((server, number) => (server.Name, Number: number)).Where(server => server.Name == name).Select(server => server.Number).DefaultIfEmpty(-1).First();

    private IReadOnlyList<int> Numbers(JsonElement queue, string member) =>
        queue.TryGetProperty(member, out var names) ? [.. names.EnumerateArray().Select(name => NumberOf(name.GetString()!)).Order()] : [];

    /// <summary>Definitions come last: a quorum queue gets its copies where it finds servers when it is declared.</summary>
    private async Task StartAsync()
    {
        var members = string.Join('\n', _servers.Select((server, i) => $"cluster_formation.classic_config.nodes.{i + 1} = {server.Name}"));
        foreach (var server in _servers)
        {
            // The first finds nobody, and would look for long.
            await server.PrepareAsync(server == _servers[0] ? "" : $"cluster_formation.peer_discovery_backend = classic_config\n{members}");
        }

        await _servers[0].StartAsync();
        await Task.WhenAll(_servers.Skip(1).Select(server => server.StartAsync()));
        await Until.IsAsync(() => AskAsync("nodes"), nodes => nodes.EnumerateArray().Count(node => node.Text("running") == "true") == Size, "the servers are one cluster");
        var definitions = Path.Combine(_servers[0].Folder, "definitions.json");
        await OwnBroker.RenderAsync(definitions, quorum: true);
        await _servers[0].LoadAsync(User, User, await File.ReadAllTextAsync(definitions));
    }
}
