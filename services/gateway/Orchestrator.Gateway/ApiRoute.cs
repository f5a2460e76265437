using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Orchestrator.Gateway;

/// <summary>Everything goes to the APIs.</summary>
internal static class ApiRoute
{
    public const string Name = "api";
    private const string FirstFailure = "1";

    /// <summary>Any failure is one too many in this window: the probes tell when it may be tried again.</summary>
    public static void AtTheFirstFailure(TransportFailureRateHealthPolicyOptions policy)
    {
        policy.MinimalTotalCountThreshold = 1;
        policy.DefaultFailureRateLimit = double.Epsilon;
        policy.DetectionWindowSize = TimeSpan.FromSeconds(1);
    }

    public static RouteConfig Route { get; } = new() { RouteId = Name, ClusterId = Name, Match = new RouteMatch { Path = "/{**rest}" } };

    public static ClusterConfig To(GatewayOptions settings, IReadOnlyDictionary<string, DestinationConfig> instances) => new()
    {
        ClusterId = Name,
        LoadBalancingPolicy = LoadBalancingPolicies.RoundRobin,
        Destinations = instances,
        HttpRequest = new ForwarderRequestConfig { ActivityTimeout = settings.SilenceTimeout },
        HealthCheck = new HealthCheckConfig
        {
            // When none seems to live, asking one is better than asking none.
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,

            // Live, not ready: an API without broker or database still answers what it can.
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Interval = settings.ProbeInterval,
                Timeout = settings.ProbeTimeout,
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                Path = "/healthz/live",
            },
            Passive = new PassiveHealthCheckConfig
            {
                Enabled = true,
                Policy = HealthCheckConstants.PassivePolicy.TransportFailureRate,
                ReactivationPeriod = settings.ProbeInterval,
            },
        },
        Metadata = new Dictionary<string, string> { [ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName] = FirstFailure },
    };
}
