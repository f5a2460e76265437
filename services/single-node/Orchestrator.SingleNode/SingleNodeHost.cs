using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Orchestrator.Api;
using Orchestrator.HealthMonitor;
using Orchestrator.Hosting;
using Orchestrator.Messaging;
using Orchestrator.NodeAgent;
using Orchestrator.Scheduler;
using Orchestrator.State;

namespace Orchestrator.SingleNode;

/// <summary>All four services in one process, with one bus and one SQLite file.</summary>
internal static class SingleNodeHost
{
    public static async Task<int> RunAsync(SingleNodeSettings settings)
    {
        try
        {
            await using var app = Build(settings);
            await app.RunAsync();
            return 0;
        }
        catch (Exception exception) when (exception is IOException or FormatException or InvalidOperationException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("orchestrator: " + exception.Message);
            return 1;
        }
    }

    private static WebApplication Build(SingleNodeSettings settings)
    {
        MakeStateFolder(settings.StateFolder);
        var builder = OrchestratorHost.NewBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = $"http://127.0.0.1:{settings.Port}",
            ["Api:TokenFile"] = settings.TokenPath,
            ["Api:ClusterId"] = NodeIdentity.ReadOrCreate(settings.StateFolder, "cluster-id"),
            ["NodeAgent:ClusterId"] = NodeIdentity.ReadOrCreate(settings.StateFolder, "cluster-id"),
            ["NodeAgent:NodeId"] = NodeIdentity.ReadOrCreate(settings.StateFolder, "node-id"),
            ["NodeAgent:Role"] = "Manager",
        });
        builder.AddOrchestratorHost("single-node");
        builder.Services.AddSqliteState(settings.DatabasePath);
        builder.Services.AddOrchestratorBus(
            BusOptions.Parse(settings.Bus) with { QuorumQueues = settings.QuorumQueues, IsOutage = exception => exception is StoreUnavailableException },
            new BusService(SchedulerServiceCollectionExtensions.AddSchedulerConsumers, SchedulerServiceCollectionExtensions.ConfigureSchedulerEndpoints),
            new BusService(HealthMonitorServiceCollectionExtensions.AddHealthMonitorConsumers, HealthMonitorServiceCollectionExtensions.ConfigureHealthMonitorEndpoints),
            new BusService(ApiServiceCollectionExtensions.AddApiConsumers, ApiServiceCollectionExtensions.ConfigureApiEndpoints),
            new BusService(NodeAgentServiceCollectionExtensions.AddNodeAgentConsumers, NodeAgentServiceCollectionExtensions.ConfigureNodeAgentEndpoints));
        builder.Services.AddScheduler();
        builder.AddHealthMonitor();
        builder.AddApi();
        builder.Services.AddNodeAgent();
        var app = builder.Build();
        app.MapOrchestratorHost();
        app.MapApi();
        return app;
    }

    private static void MakeStateFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the state folder {path} cannot be made ({exception.Message.TrimEnd('.')}); name one that you may write with ORCH_STATE or --state", exception);
        }
    }
}
