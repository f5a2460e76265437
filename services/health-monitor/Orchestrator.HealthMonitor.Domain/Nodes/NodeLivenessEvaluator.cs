using Orchestrator.Contracts;

namespace Orchestrator.HealthMonitor.Domain.Nodes;

/// <summary>What a node's silence means.</summary>
public static class NodeLivenessEvaluator
{
    /// <param name="lastSeen">When its last heartbeat came.</param>
    /// <param name="interval">When the next was promised.</param>
    /// <param name="now">The time of the decision.</param>
    /// <param name="thresholds">How long it may be silent.</param>
    public static NodeLiveness Evaluate(DateTimeOffset lastSeen, TimeSpan interval, DateTimeOffset now, NodeLivenessThresholds thresholds)
    {
        // Slow beats shift every threshold by the same amount, so that their order stays.
        var floor = interval * NodeLivenessThresholds.BeatsToMiss;
        var shift = floor > thresholds.SuspectAfter ? floor - thresholds.SuspectAfter : TimeSpan.Zero;
        var silence = now - lastSeen - shift;
        return silence < thresholds.SuspectAfter ? NodeLiveness.Ready
            : silence < thresholds.UnreachableAfter ? NodeLiveness.Suspect
            : silence < thresholds.LostAfter ? NodeLiveness.Unreachable
            : silence < thresholds.DownAfter ? NodeLiveness.Lost
            : NodeLiveness.Down;
    }
}
