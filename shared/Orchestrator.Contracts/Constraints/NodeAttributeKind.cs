namespace Orchestrator.Contracts;

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
