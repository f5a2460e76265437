using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Scheduler;

/// <summary>One scheduler of the cluster as a process.</summary>
internal static class Program
{
    private const int DefaultPort = 7081;

    private static Task<int> Main() => ServiceHost.RunAsync("scheduler", DefaultPort, (builder, settings) =>
    {
        builder.Services.AddMongoState(settings.Mongo);
        builder.Services.AddOrchestratorBus(
            BusOptions.Parse(settings.Bus) with { CaFile = settings.BusCa, QuorumQueues = settings.QuorumQueues, IsOutage = exception => exception is StoreUnavailableException },
            new BusService(SchedulerServiceCollectionExtensions.AddSchedulerConsumers, SchedulerServiceCollectionExtensions.ConfigureSchedulerEndpoints));
        builder.Services.AddScheduler();
    });
}
