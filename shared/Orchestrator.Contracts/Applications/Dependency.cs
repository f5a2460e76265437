namespace Orchestrator.Contracts;

/// <summary>A service that must have got so far before the first start of another.</summary>
public sealed record Dependency
{
    public string Service { get; init; } = "";
    public DependencyCondition Condition { get; init; } = DependencyCondition.ServiceStarted;
}
