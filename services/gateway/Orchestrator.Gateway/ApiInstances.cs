using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Orchestrator.Gateway;

/// <summary>
/// Each address of the API's name is an instance, looked up again and again. A name that nobody knows (no instance runs) keeps what was
/// known; the library's own resolver ends the process then, or looks again only minutes later.
/// </summary>
internal sealed class ApiInstances(HostLookup lookup, IOptions<GatewayOptions> options, TimeProvider time, ILogger<ApiInstances> logger) : IDestinationResolver
{
    private Dictionary<string, DestinationConfig> _known = [];

    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        try
        {
            var found = new Dictionary<string, DestinationConfig>();
            foreach (var destination in destinations.Values)
            {
                var api = new Uri(destination.Address);
                foreach (var address in await lookup(api.DnsSafeHost, cancellationToken))
                {
                    found[address.ToString()] = destination with { Address = At(api, address), Host = api.Authority };
                }
            }

            if (!found.Keys.ToHashSet().SetEquals(_known.Keys))
            {
                Log.InstancesChanged(logger, found.Count, string.Join(", ", found.Keys.Order(StringComparer.Ordinal)));
            }

            _known = found;
        }
        catch (SocketException)
        {
            // The probes tell whether those that are known still answer.
        }

        return new ResolvedDestinationCollection(_known, new CancellationChangeToken(new CancellationTokenSource(options.Value.ResolveInterval, time).Token));
    }

    private static string At(Uri api, IPAddress address) => new UriBuilder(api) { Host = address.ToString() }.Uri.AbsoluteUri;
}
