namespace Orchestrator.Contracts;

/// <summary>A volume or directory of the node in the container.</summary>
public sealed record MountSpec
{
    public MountType Type { get; init; }

    /// <summary>Volume: its name in the application (empty: anonymous). Bind: an absolute path on the node. Tmpfs: empty.</summary>
    public string Source { get; init; } = "";

    /// <summary>An absolute path in the container.</summary>
    public string Target { get; init; } = "";

    public bool ReadOnly { get; init; }

    /// <summary>Only for a named volume.</summary>
    public VolumeSpec? Volume { get; init; }
}
