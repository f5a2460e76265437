using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Nodes;
using Orchestrator.Scheduler.Events;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

/// <summary>Keeps which starts failed on a node, and keeps tasks from one on which too many do.</summary>
internal sealed class QuarantineDesk(INodeStore nodes, NodeChanges changes, NodeView view, IBus bus, TimeProvider time, ILogger<QuarantineDesk> logger)
{
    /// <summary>A container that ran for longer had come up.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(10);
    private const int Kept = 20;

    public async Task NoteAsync(string nodeId, IReadOnlyList<TaskDocument> ended, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var failed = ended.Where(FailedToStart).Select(task => new StartFailure(task.ServiceId, task.FinishedAt ?? now)).ToList();
        while (failed.Count > 0 && await nodes.FindAsync(nodeId, cancellation) is { } node)
        {
            var failures = node.StartFailures.Concat(failed).Where(failure => failure.At > now - Quarantine.Window).TakeLast(Kept).ToList();
            var (others, all) = view.Decide(cluster => (cluster.Nodes.Count(other => other.Node.Id != nodeId && other.Node.Refuses is null), cluster.Nodes.Count));
            var reason = node.QuarantinedUntil is null ? Quarantine.Reason(failures.Select(failure => (failure.ServiceId, failure.At)), others, all, now) : null;
            var after = node with
            {
                StartFailures = failures, QuarantinedUntil = reason is null ? node.QuarantinedUntil : now + Quarantine.Lasts, DirtySince = reason is null ? node.DirtySince : now, UpdatedAt = now,
            };
            if (await nodes.TryReplaceAsync(after, cancellation))
            {
                await TellAsync(after with { Version = after.Version + 1 }, reason, now, cancellation);
                return;
            }
        }
    }

    /// <summary>Ends what has lasted for long enough.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var nodeId in view.QuarantineOver(now))
        {
            if (await nodes.FindAsync(nodeId, cancellation) is { QuarantinedUntil: { } until } node && until <= now)
            {
                await nodes.TryReplaceAsync(node with { QuarantinedUntil = null, StartFailures = [], DirtySince = now, UpdatedAt = now }, cancellation);
            }

            await changes.FollowAsync(nodeId, cancellation);
        }
    }

    private async Task TellAsync(NodeDocument node, string? reason, DateTimeOffset now, CancellationToken cancellation)
    {
        await view.RefreshAsync([node.Id], cancellation);
        if (reason is not null)
        {
            Log.NodeQuarantined(logger, node.Id, node.Name, reason);
            await bus.Publish(new NodeQuarantined { EventId = EventHead.NewId(), OccurredAt = now, NodeId = node.Id, Version = node.Version, Until = node.QuarantinedUntil!.Value, Reason = reason }, cancellation);
            await bus.Publish(NodeEvents.Changed(node, now), cancellation);
        }
    }

    private static bool FailedToStart(TaskDocument task) =>
        task is { State: TaskState.Failed or TaskState.Rejected, Desired: DesiredState.Run } && (task.RunningAt is not { } from || task.FinishedAt - from < StartTime);
}
