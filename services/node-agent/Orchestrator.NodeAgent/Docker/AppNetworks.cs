using System.Collections.Concurrent;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Orchestrator.NodeAgent.Posts;

namespace Orchestrator.NodeAgent.Docker;

/// <summary>One bridge per application on this node, made when its first task comes.</summary>
internal sealed class AppNetworks(DockerClient docker, EngineNames names, PostListener posts)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<EngineNetwork>>> _made = new();

    public async Task<EngineNetwork> EnsureAsync(string app, CancellationToken cancellation)
    {
        var make = _made.GetOrAdd(app, name => new Lazy<Task<EngineNetwork>>(() => MakeAsync(name)));
        try
        {
            return await make.Value.WaitAsync(cancellation);
        }
        catch (DockerApiException exception)
        {
            _made.TryRemove(KeyValuePair.Create(app, make));
            throw EngineErrors.Refusal(exception, []);
        }
    }

    public Task<EngineNetwork> MakeAgainAsync(string app, CancellationToken cancellation)
    {
        _made.TryRemove(app, out _);
        return EnsureAsync(app, cancellation);
    }

    public async Task RemoveAsync(string app, CancellationToken cancellation)
    {
        _made.TryRemove(app, out var made);
        try
        {
            await EngineCalls.MeasureAsync("network-remove", () => docker.Networks.DeleteNetworkAsync(names.Network(app), cancellation));
            if (made is { Value.IsCompletedSuccessfully: true })
            {
                posts.Close(await made.Value);
            }
        }
        catch (DockerApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.Conflict)
        {
            // Not there, or in use again: the next clean-up finds it.
        }
    }

    private static EngineNetwork Of(NetworkResponse network) => EngineNetwork.Of(network.ID, network.IPAM?.Config?.FirstOrDefault()?.Gateway, network.Options);

    private async Task<EngineNetwork> MakeAsync(string app)
    {
        // The engine allows several networks of one name: look before making one.
        var filter = new Dictionary<string, IDictionary<string, bool>> { ["name"] = new Dictionary<string, bool> { [$"^{names.Network(app)}$"] = true } };
        var found = await EngineCalls.MeasureAsync("network-list", () => docker.Networks.ListNetworksAsync(new NetworksListParameters { Filters = filter }));
        if (found.FirstOrDefault() is { } there)
        {
            return Of(there);
        }

        var parameters = new NetworksCreateParameters { Name = names.Network(app), Driver = "bridge", Labels = names.AppLabels(app) };
        var made = await EngineCalls.MeasureAsync("network-create", () => docker.Networks.CreateNetworkAsync(parameters));
        return Of(await EngineCalls.MeasureAsync("network-inspect", () => docker.Networks.InspectNetworkAsync(made.ID)));
    }
}
