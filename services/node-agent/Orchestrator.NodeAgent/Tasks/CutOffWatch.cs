using Microsoft.Extensions.Hosting;
using Orchestrator.NodeAgent.Join;

namespace Orchestrator.NodeAgent.Tasks;

/// <summary>Stops containers of services that want it when the node is cut off from the cluster for long: elsewhere another may write the same data.</summary>
internal sealed class CutOffWatch(NodeTasks tasks, ClusterContact contact, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            tasks.CutOff(contact.LostFor);
        }
    }
}
