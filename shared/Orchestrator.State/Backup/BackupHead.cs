namespace Orchestrator.State;

/// <summary>The first line of a backup.</summary>
public sealed record BackupHead
{
    public string Format { get; init; } = "";
    public int Version { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string? ClusterId { get; init; }

    /// <summary>As in <see cref="IBackupStore.Kind"/>.</summary>
    public required string Store { get; init; }

    /// <summary>The program that wrote it.</summary>
    public string? Program { get; init; }
}
