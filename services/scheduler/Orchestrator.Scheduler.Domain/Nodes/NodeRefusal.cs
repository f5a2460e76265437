using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Nodes;

public static class NodeRefusal
{
    /// <returns>Why the node takes no new tasks, to be read after its name; null when it does.</returns>
    public static string? Of(NodeAvailability availability, NodeLiveness liveness, bool removed, bool quarantined = false, NodePressure? pressure = null) => (availability, liveness) switch
    {
        _ when removed => "is being removed",
        (_, NodeLiveness.Unreachable) => "is unreachable",
        (_, NodeLiveness.Lost) => "is lost",
        (_, NodeLiveness.Down) => "is down",
        (NodeAvailability.Pause, _) => "is paused",
        (NodeAvailability.Drain, _) => "is being drained",
        _ when quarantined => "is in quarantine: too many containers failed to start on it",
        _ when pressure is { Memory: true } => "is short of memory",
        _ when pressure is { Disk: true } => "is short of disk space",
        _ => null,
    };
}
