using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;

namespace Orchestrator.Gateway;

/// <summary>
/// Each address of the API's name is an instance, looked up again and again. A name that nobody knows (no instance runs) keeps what was
/// known. The library's own resolver ends the process then, or looks again only minutes later; and any resolver of its kind hangs on a chain of
/// change tokens, one for each look, that no look may break.
/// </summary>
internal sealed class ApiInstances(HostLookup lookup, InMemoryConfigProvider proxy, IOptions<GatewayOptions> options, TimeProvider time, ILogger<ApiInstances> logger) : BackgroundService
{
    private HashSet<string> _known = [];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ResolveInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await LookAsync(stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        var api = options.Value.Api;
        IPAddress[] addresses;
        try
        {
            addresses = await lookup(api.DnsSafeHost, cancellation);
        }
        catch (SocketException)
        {
            // The probes tell whether those that are known still answer.
            return;
        }

        var found = addresses.Select(address => address.ToString()).ToHashSet();
        if (found.SetEquals(_known))
        {
            return;
        }

        Log.InstancesChanged(logger, found.Count, string.Join(", ", found.Order(StringComparer.Ordinal)));
        proxy.Update([ApiRoute.Route], [ApiRoute.To(options.Value, found.ToDictionary(address => address, address => new DestinationConfig { Address = At(api, address), Host = api.Authority }))]);
        _known = found;
    }

    private static string At(Uri api, string address) => new UriBuilder(api) { Host = address }.Uri.AbsoluteUri;
}
