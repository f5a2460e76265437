namespace Orchestrator.Scheduler.Domain.Placement.Constraints;

public enum NodeAttributeKind
{
    Id,
    HostName,
    Role,
    Os,
    Architecture,
    Label,
    EngineLabel,
}
