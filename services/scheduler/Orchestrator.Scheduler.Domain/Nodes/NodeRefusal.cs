using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Nodes;

public static class NodeRefusal
{
    /// <returns>Why the node takes no new tasks, to be read after its name; null when it does.</returns>
    public static string? Of(NodeAvailability availability, NodeLiveness liveness, bool removed) => (availability, liveness) switch
    {
        _ when removed => "is being removed",
        (_, NodeLiveness.Unreachable) => "is unreachable",
        (_, NodeLiveness.Lost) => "is lost",
        (_, NodeLiveness.Down) => "is down",
        (NodeAvailability.Pause, _) => "is paused",
        (NodeAvailability.Drain, _) => "is being drained",
        _ => null,
    };
}
