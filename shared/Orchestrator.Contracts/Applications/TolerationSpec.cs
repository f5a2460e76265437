namespace Orchestrator.Contracts;

/// <summary>A service bears taints of nodes.</summary>
public sealed record TolerationSpec
{
    /// <summary>Null: any.</summary>
    public string? Key { get; init; }

    /// <summary>Null: any.</summary>
    public string? Value { get; init; }

    /// <summary>Null: any.</summary>
    public TaintEffect? Effect { get; init; }

    /// <summary>Only for NoExecute: how long a task stays after the taint came; null: for ever.</summary>
    public double? Seconds { get; init; }
}
