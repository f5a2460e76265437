namespace Orchestrator.Contracts;

/// <summary>Whose a container is, as its labels say.</summary>
public sealed record ContainerIdentity
{
    public required string App { get; init; }
    public required string Service { get; init; }
    public required int Slot { get; init; }
    public required int Revision { get; init; }
    /// <summary>As <see cref="TaskReport.Replaces"/>.</summary>
    public string? Replaces { get; init; }

    public required string Name { get; init; }
}
