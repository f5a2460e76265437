using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Api;

/// <summary>One API of the cluster as a process.</summary>
internal static class Program
{
    private const int DefaultPort = 7080;

    private static Task<int> Main() => ServiceHost.RunAsync("api", DefaultPort, (builder, settings) =>
    {
        builder.Services.AddMongoState(settings.Mongo);
        builder.Services.AddOrchestratorBus(
            BusOptions.Parse(settings.Bus) with { CaFile = settings.BusCa, QuorumQueues = settings.QuorumQueues, IsOutage = exception => exception is StoreUnavailableException },
            new BusService(ApiServiceCollectionExtensions.AddApiConsumers, ApiServiceCollectionExtensions.ConfigureApiEndpoints));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Api:ClusterId"] = settings.ClusterId });
        builder.AddApi();
    }, app => app.MapApi());
}
