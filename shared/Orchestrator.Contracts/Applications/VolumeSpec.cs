namespace Orchestrator.Contracts;

/// <summary>A named volume of an application (Compose top-level <c>volumes</c>).</summary>
public sealed record VolumeSpec
{
    /// <summary>Made and kept by somebody else; a task whose external volume is missing is rejected.</summary>
    public bool External { get; init; }

    /// <summary>The volume's name in the engine; null: derived from cluster, application and volume.</summary>
    public string? EngineName { get; init; }

    public string? Driver { get; init; }
    public IReadOnlyDictionary<string, string> DriverOptions { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
