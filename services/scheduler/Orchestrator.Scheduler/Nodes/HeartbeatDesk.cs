using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Domain.Nodes;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

/// <summary>Tells nodes how often to beat, when that changes with the size of the cluster. Looks at how they do beat: what is lost is told again.</summary>
internal sealed class HeartbeatDesk(NodeView view, IBus bus, TimeProvider time)
{
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, (double Seconds, DateTimeOffset At)> _told = [];
    private double _seconds = HeartbeatPace.Fastest;

    /// <summary>For a node that asks for all that is wanted of it; null: it may beat as it was set up to.</summary>
    public double? Seconds => Pace() is var pace && pace > HeartbeatPace.Fastest ? pace : null;

    /// <param name="found">Of all nodes, how the health monitor hears them.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task FollowAsync(IReadOnlyList<NodeLivenessDocument> found, CancellationToken cancellation)
    {
        var (pace, now) = (Pace(), time.GetUtcNow());
        var telling = found.Where(node => node.Liveness < NodeLiveness.Lost && IsToBeTold(node, pace, now)).Select(node => node.Id).ToList();
        foreach (var id in telling)
        {
            _told[id] = (pace, now);
        }

        await bus.SendManyAsync([.. telling.Select(id => (NodeQueue.Address(id), new UpdateNodeTasks { NodeId = id, Tasks = [], HeartbeatSeconds = pace }))], cancellation);
    }

    private double Pace() => _seconds = HeartbeatPace.Next(_seconds, view.Count);

    /// <summary>One that was set up to beat slowly is told once that it may be faster.</summary>
    private bool IsToBeTold(NodeLivenessDocument node, double pace, DateTimeOffset now)
    {
        var (beats, told) = (node.IntervalSeconds, _told.GetValueOrDefault(node.Id));
        return beats > 0 && (beats < pace ? pace > HeartbeatPace.Fastest && (told.Seconds < pace || told.At + TellAgainAfter <= now) : beats > pace && told.Seconds > pace);
    }
}
