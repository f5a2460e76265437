using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;

namespace Orchestrator.Gateway;

public static class GatewayServiceCollectionExtensions
{
    public static IHostApplicationBuilder AddGateway(this IHostApplicationBuilder builder)
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            // It has a line for each request and each probe.
            ["Serilog:MinimumLevel:Override:Yarp"] = "Error",

            // The library makes keys for cookies that are not used here.
            ["Serilog:MinimumLevel:Override:Microsoft.AspNetCore.DataProtection"] = "Error",
        });
        var services = builder.Services;
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.Configure<TransportFailureRateHealthPolicyOptions>(ApiRoute.AtTheFirstFailure);
        services.TryAddSingleton<HostLookup>(Dns.GetHostAddressesAsync);
        services.AddSingleton<IForwarderHttpClientFactory, ApiConnections>();
        services.AddSingleton(provider => new InMemoryConfigProvider([ApiRoute.Route], [ApiRoute.To(provider.GetRequiredService<IOptions<GatewayOptions>>().Value, new Dictionary<string, DestinationConfig>())]));
        services.AddSingleton<IProxyConfigProvider>(provider => provider.GetRequiredService<InMemoryConfigProvider>());
        services.AddHostedService<ApiInstances>();
        services.AddReverseProxy();
        services.AddHealthChecks().AddCheck<ApiHealthCheck>("api");
        return builder;
    }

    public static WebApplication MapGateway(this WebApplication app)
    {
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(next => context => Attempts.RunAsync(context, next));
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        return app;
    }
}
