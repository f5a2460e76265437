using Orchestrator.Contracts;

namespace Orchestrator.HealthMonitor.Domain.Nodes;

/// <summary>What a node's silence means.</summary>
public static class NodeLivenessEvaluator
{
    /// <summary>
    /// Silence makes a node worse, only a heartbeat makes it better. Silence counts as far as a heartbeat could have been heard:
    /// our own outage makes no node look dead.
    /// </summary>
    public static NodeLiveness Next(NodeSignal node, Listening listening, NodeLivenessThresholds thresholds)
    {
        if (IsHeard(node, thresholds))
        {
            return NodeLiveness.Ready;
        }

        var known = node.Known ?? NodeLiveness.Ready;
        var silent = Of(CountedSilence(node, listening, thresholds), node, thresholds);

        // A closed connection is a reason to look closely; only silence tells that the node is gone.
        var found = node.Disconnected && silent == NodeLiveness.Ready ? NodeLiveness.Suspect : silent;
        return known == NodeLiveness.Lost && found == NodeLiveness.Lost && node.KnownFor >= thresholds.DownAfter ? NodeLiveness.Down
            : found > known ? found
            : known;
    }

    /// <summary>The node is silent, and to tell more of it takes the proof that it could have been heard.</summary>
    public static bool NeedsProof(NodeSignal node, NodeLivenessThresholds thresholds) =>
        (node.Known ?? NodeLiveness.Ready) < NodeLiveness.Lost
        && !IsHeard(node, thresholds);

    private static bool IsHeard(NodeSignal node, NodeLivenessThresholds thresholds) =>
        !node.Disconnected && node.SilentFor is { } silence && Of(silence, node, thresholds) == NodeLiveness.Ready;

    /// <summary>The part of the silence in which a heartbeat could have been heard. After a break, a node not heard of since has time to connect again.</summary>
    public static TimeSpan CountedSilence(NodeSignal node, Listening listening, NodeLivenessThresholds thresholds)
    {
        if (node.SilentFor < listening.For)
        {
            return node.SilentFor.Value;
        }

        var counted = listening.For - thresholds.TimeToReconnect(listening.DeafFor);
        return counted > TimeSpan.Zero ? counted : TimeSpan.Zero;
    }

    private static NodeLiveness Of(TimeSpan silence, NodeSignal node, NodeLivenessThresholds thresholds)
    {
        // Slow beats shift every threshold by the same amount, so that their order stays; so do beats that come later than the first allows for.
        var slow = PositiveOrZero((node.Interval * NodeLivenessThresholds.BeatsToMiss) - thresholds.SuspectAfter);
        var late = PositiveOrZero(node.Lateness + node.Interval - thresholds.SuspectAfter - slow);
        var counted = silence - slow - late;
        return counted < thresholds.SuspectAfter ? NodeLiveness.Ready
            : counted < thresholds.UnreachableAfter ? NodeLiveness.Suspect
            : counted < thresholds.LostAfter ? NodeLiveness.Unreachable
            : NodeLiveness.Lost;
    }

    private static TimeSpan PositiveOrZero(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
