using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Join;
using Orchestrator.NodeAgent.Reports;
using Orchestrator.NodeAgent.Tasks;

namespace Orchestrator.NodeAgent.Heartbeats;

/// <summary>Tells that the node lives. A beat that cannot be sent is dropped: only the newest is worth anything.</summary>
internal sealed class HeartbeatService(
    IBus bus, NodeTasks tasks, TaskReporter reporter, ClusterContact contact, BeatInterval interval, IOptions<NodeAgentOptions> options, TimeProvider time, ILogger<HeartbeatService> logger) : BackgroundService
{
    private const int UsageEvery = 20;
    private static readonly TimeSpan Worth = TimeSpan.FromSeconds(3);
    private readonly CgroupUsage _usage = new(time);
    private bool _failed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval.Now, time);
        for (var seq = 0L; ; seq++)
        {
            try
            {
                // The beat promises the next: it tells of the pace that begins with it.
                if (timer.Period != interval.Now)
                {
                    timer.Period = interval.Now;
                }

                await BeatAsync(seq, timer.Period, stoppingToken);
                contact.Had();
                _failed = false;
            }
            catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
            {
                // The broker is away, and the bus says so. The next beat is as good.
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (!_failed)
                {
                    Log.HeartbeatFailed(logger, exception.Message);
                }

                _failed = true;
            }

            if (!await timer.WaitForNextTickAsync(stoppingToken))
            {
                return;
            }
        }
    }

    private static Dictionary<string, double> Loads(IReadOnlyList<TaskEntry> running) =>
        running.Select(entry => (entry.Id, Load: entry.Posts.Load())).Where(task => task.Load is not null).ToDictionary(task => task.Id, task => task.Load!.Value);

    private async Task BeatAsync(long seq, TimeSpan period, CancellationToken cancellation)
    {
        var running = seq % UsageEvery == 0 ? tasks.Entries.Where(entry => entry.State == TaskState.Running).ToList() : null;
        var beat = new NodeHeartbeat
        {
            NodeId = options.Value.NodeId,
            AgentEpoch = reporter.Epoch,
            Seq = seq,
            IntervalSeconds = period.TotalSeconds,
            Usage = running is null ? null : _usage.Read([.. running.Select(entry => entry.Container?.Id).OfType<string>()]),
            Loads = running is null ? null : Loads(running),
            OccurredAt = time.GetUtcNow(),
        };
        using var limit = new CancellationTokenSource(Worth, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        await bus.Publish(
            beat,
            context =>
            {
                context.Durable = false;
                context.TimeToLive = Worth;
            },
            either.Token);
    }
}
