using Microsoft.Extensions.Diagnostics.HealthChecks;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Orchestrator.Gateway;

/// <summary>Ready: an API lives.</summary>
internal sealed class ApiHealthCheck(IProxyStateLookup proxy) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var instances = proxy.TryGetCluster(ApiRoute.Name, out var cluster) ? cluster.DestinationsState.AllDestinations : [];
        var live = instances.Count(instance => instance.Health.Active == DestinationHealth.Healthy);
        var found = $"{live} of {instances.Count} API instances answer";
        return Task.FromResult(live > 0 ? HealthCheckResult.Healthy(found) : HealthCheckResult.Unhealthy(found));
    }
}
