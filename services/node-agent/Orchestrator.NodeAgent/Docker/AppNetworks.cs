using System.Collections.Concurrent;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Orchestrator.NodeAgent.Docker;

/// <summary>One bridge per application on this node, made when its first task comes.</summary>
internal sealed class AppNetworks(DockerClient docker, EngineNames names)
{
    private readonly ConcurrentDictionary<string, Lazy<Task>> _made = new();

    public async Task EnsureAsync(string app, CancellationToken cancellation)
    {
        var make = _made.GetOrAdd(app, name => new Lazy<Task>(() => MakeAsync(name)));
        try
        {
            await make.Value.WaitAsync(cancellation);
        }
        catch (DockerApiException exception)
        {
            _made.TryRemove(KeyValuePair.Create(app, make));
            throw EngineErrors.Refusal(exception, []);
        }
    }

    public Task MakeAgainAsync(string app, CancellationToken cancellation)
    {
        _made.TryRemove(app, out _);
        return EnsureAsync(app, cancellation);
    }

    public async Task RemoveAsync(string app, CancellationToken cancellation)
    {
        _made.TryRemove(app, out _);
        try
        {
            await EngineCalls.MeasureAsync("network-remove", () => docker.Networks.DeleteNetworkAsync(names.Network(app), cancellation));
        }
        catch (DockerApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.Conflict)
        {
            // Not there, or in use again: the next clean-up finds it.
        }
    }

    private async Task MakeAsync(string app)
    {
        // The engine allows several networks of one name: look before making one.
        var filter = new Dictionary<string, IDictionary<string, bool>> { ["name"] = new Dictionary<string, bool> { [$"^{names.Network(app)}$"] = true } };
        var found = await EngineCalls.MeasureAsync("network-list", () => docker.Networks.ListNetworksAsync(new NetworksListParameters { Filters = filter }));
        if (found.Count == 0)
        {
            var parameters = new NetworksCreateParameters { Name = names.Network(app), Driver = "bridge", Labels = names.AppLabels(app) };
            await EngineCalls.MeasureAsync("network-create", () => docker.Networks.CreateNetworkAsync(parameters));
        }
    }
}
