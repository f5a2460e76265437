using System.Runtime.Versioning;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Orchestrator.Hosting;
using Orchestrator.Messaging;
using Orchestrator.NodeAgent.Join;

namespace Orchestrator.NodeAgent;

/// <summary>The agent of one machine as a process. What it learned when it joined stands in its state folder; the environment goes first.</summary>
[SupportedOSPlatform("linux")]
internal static class Program
{
    private const int DefaultPort = 7083;
    private const string StateVariable = "ORCH_STATE";

    private static Task<int> Main(string[] arguments) => arguments is ["join", .. var rest]
        ? JoinProgram.RunAsync(rest, new ServiceSettings(Environment.GetEnvironmentVariable).Optional(StateVariable) ?? DefaultState())
        : ServiceHost.RunAsync("node-agent", DefaultPort, Add);

    private static void Add(WebApplicationBuilder builder, ServiceSettings settings)
    {
        var joined = settings.Optional("ORCH_BUS") is null && settings.Optional(StateVariable) is { } folder
            ? NodeCredentials.Read(folder) ?? throw new FormatException($"this machine has not joined: there is no node.json in {folder}; run 'join --token TOKEN' first, or set ORCH_BUS")
            : null;
        var values = new Dictionary<string, string?> { ["NodeAgent:ClusterId"] = joined?.ClusterId ?? settings.ClusterId };
        if (joined is not null)
        {
            values["NodeAgent:NodeId"] = joined.NodeId;
            values["NodeAgent:Role"] = joined.Role.ToString();
        }

        builder.Configuration.AddInMemoryCollection(values);
        builder.Services.AddOrchestratorBus(
            BusOptions.Parse(joined?.Broker.AbsoluteUri ?? settings.Bus) with {
                DeclaresOwnQueueOnly = true,
                CaFile = joined?.CaPath ?? settings.BusCa,
                ConnectionName = (joined?.NodeId ?? builder.Configuration["NodeAgent:NodeId"]) is { } nodeId ? ConnectionEvents.NameOfNode(nodeId) : null,
            },
            new BusService(NodeAgentServiceCollectionExtensions.AddNodeAgentConsumers, NodeAgentServiceCollectionExtensions.ConfigureNodeAgentEndpoints));
        builder.Services.AddNodeAgent();
    }

    private static string DefaultState() => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "orchestrator");
}
