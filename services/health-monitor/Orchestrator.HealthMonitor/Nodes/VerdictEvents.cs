using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.HealthMonitor.Nodes;

internal static class VerdictEvents
{
    public static OrchestratorEvent Of(string nodeId, NodeVerdict verdict)
    {
        var (id, at, epoch, since, reason) = (verdict.EventId, verdict.At, verdict.Epoch, verdict.Since, verdict.Reason);
        OrchestratorEvent found = verdict.Liveness switch
        {
            NodeLiveness.Suspect => new NodeSuspect { EventId = id, OccurredAt = at, Epoch = epoch, Since = since, Reason = reason },
            NodeLiveness.Unreachable => new NodeUnreachable { EventId = id, OccurredAt = at, Epoch = epoch, Since = since, Reason = reason },
            NodeLiveness.Lost => new NodeLost { EventId = id, OccurredAt = at, Epoch = epoch, Since = since, Reason = reason },
            NodeLiveness.Down => new NodeDown { EventId = id, OccurredAt = at, Epoch = epoch, Since = since, Reason = reason },
            _ => new NodeRecovered { EventId = id, OccurredAt = at, Epoch = epoch, Since = since, Reason = reason },
        };
        return found with { NodeId = nodeId, Version = verdict.Version };
    }
}
