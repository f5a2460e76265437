using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Orchestrator.Gateway;

/// <summary>A machine that has vanished refuses nothing: connecting to it must end soon.</summary>
internal sealed class ApiConnections(IOptions<GatewayOptions> options) : ForwarderHttpClientFactory
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ConnectTimeout = options.Value.ConnectTimeout;
    }
}
