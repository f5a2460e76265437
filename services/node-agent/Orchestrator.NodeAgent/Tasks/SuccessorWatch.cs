using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.NodeAgent.Domain.Tasks;

namespace Orchestrator.NodeAgent.Tasks;

/// <summary>While no scheduler takes the ends of tasks, this node starts what follows them, by the policies it holds.</summary>
internal sealed class SuccessorWatch(NodeTasks tasks, IOptions<NodeAgentOptions> options, TimeProvider time, ILogger<SuccessorWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = time.GetUtcNow();
            foreach (var ended in tasks.EndsNotTaken().Where(ended => ended.FinishedAt <= now - options.Value.SucceedAfter))
            {
                if (!tasks.IsFollowed(ended) && tasks.EndsOfSlot(ended) is [.., var newest] ends && newest.TaskId == ended.Id
                    && Successors.DueAt(ended.Spec!.Restart!, ends) <= now)
                {
                    var id = Successors.IdOf(ended.Id, options.Value.NodeId);
                    Log.SuccessorStarted(logger, id, ended.Id);
                    tasks.Succeed(ended, id);
                }
            }
        }
    }
}
