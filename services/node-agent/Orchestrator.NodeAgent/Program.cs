using System.Runtime.Versioning;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Orchestrator.Hosting;
using Orchestrator.Messaging;
using Orchestrator.NodeAgent.Join;
using Orchestrator.NodeAgent.Names;
using Orchestrator.NodeAgent.Network;

namespace Orchestrator.NodeAgent;

/// <summary>The agent of one machine as a process. What it learned when it joined stands in its state folder; the environment goes first.</summary>
[SupportedOSPlatform("linux")]
internal static class Program
{
    private const int DefaultPort = 7083;
    private const string StateVariable = "ORCH_STATE";

    private static Task<int> Main(string[] arguments) => arguments switch
    {
        ["join", .. var rest] => JoinProgram.RunAsync(rest, Settings.Optional(StateVariable) ?? DefaultState()),
        ["names", var folder, _] => NamesProgram.RunAsync(folder),
        ["uninstall"] => UninstallProgram.RunAsync(Options(Settings)),
        _ => ServiceHost.RunAsync("node-agent", DefaultPort, Add),
    };

    private static ServiceSettings Settings => new(Environment.GetEnvironmentVariable);

    private static NodeAgentOptions Options(ServiceSettings settings)
    {
        var options = new ConfigurationBuilder().AddEnvironmentVariables().AddInMemoryCollection(Values(settings, Joined(settings))).Build().GetSection(NodeAgentOptions.Section).Get<NodeAgentOptions>();
        return options ?? new NodeAgentOptions();
    }

    private static void Add(WebApplicationBuilder builder, ServiceSettings settings)
    {
        var joined = Joined(settings);
        builder.Configuration.AddInMemoryCollection(Values(settings, joined));
        builder.Services.AddOrchestratorBus(
            BusOptions.Parse(joined?.Broker.AbsoluteUri ?? settings.Bus) with {
                DeclaresOwnQueueOnly = true,
                CaFile = joined?.CaPath ?? settings.BusCa,
                QuorumQueues = Options(settings).QuorumQueue,
                ConnectionName = (joined?.NodeId ?? builder.Configuration["NodeAgent:NodeId"]) is { } nodeId ? ConnectionEvents.NameOfNode(nodeId) : null,
            },
            new BusService(NodeAgentServiceCollectionExtensions.AddNodeAgentConsumers, NodeAgentServiceCollectionExtensions.ConfigureNodeAgentEndpoints));
        builder.Services.AddNodeAgent();
    }

    private static NodeCredentials? Joined(ServiceSettings settings) => settings.Optional("ORCH_BUS") is null && settings.Optional(StateVariable) is { } folder
        ? NodeCredentials.Read(folder) ?? throw new FormatException($"this machine has not joined: there is no node.json in {folder}; run 'join --token TOKEN' first, or set ORCH_BUS")
        : null;

    private static Dictionary<string, string?> Values(ServiceSettings settings, NodeCredentials? joined)
    {
        var values = new Dictionary<string, string?> { ["NodeAgent:ClusterId"] = joined?.ClusterId ?? settings.ClusterId };
        if (settings.Optional("NodeAgent__Network") is null)
        {
            values["NodeAgent:Network"] = "true";
        }

        if (settings.Optional("NodeAgent__StateFolder") is null)
        {
            values["NodeAgent:StateFolder"] = settings.Optional(StateVariable) ?? DefaultState();
        }

        if (joined is not null)
        {
            values["NodeAgent:NodeId"] = joined.NodeId;
            values["NodeAgent:Role"] = joined.Role.ToString();
        }

        return values;
    }

    private static string DefaultState() => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "orchestrator");
}
