using Orchestrator.Hosting;

namespace Orchestrator.Gateway;

/// <summary>All APIs of the cluster behind one address.</summary>
internal static class Program
{
    private const int DefaultPort = 7080;

    private static Task<int> Main() => ServiceHost.RunAsync("gateway", DefaultPort, (builder, _) => builder.AddGateway(), app => app.MapGateway());
}
