using Microsoft.Extensions.Configuration;
using Orchestrator.Hosting;
using Orchestrator.Messaging;

namespace Orchestrator.NodeAgent;

/// <summary>The agent of one machine as a process.</summary>
internal static class Program
{
    private const int DefaultPort = 7083;

    private static Task<int> Main() => ServiceHost.RunAsync("node-agent", DefaultPort, (builder, settings) =>
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["NodeAgent:ClusterId"] = settings.ClusterId });
        builder.Services.AddOrchestratorBus(
            BusOptions.Parse(settings.Bus),
            new BusService(NodeAgentServiceCollectionExtensions.AddNodeAgentConsumers, NodeAgentServiceCollectionExtensions.ConfigureNodeAgentEndpoints));
        builder.Services.AddNodeAgent();
    });
}
