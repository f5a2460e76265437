using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Placement.Taints;

/// <summary>A service bears some taints.</summary>
/// <param name="Key">Null: any.</param>
/// <param name="Value">Null: any.</param>
/// <param name="Effect">Null: any.</param>
/// <param name="Seconds">Only for NoExecute: how long a task stays after the taint came; null: for ever.</param>
public sealed record Toleration(string? Key = null, string? Value = null, TaintEffect? Effect = null, double? Seconds = null)
{
    public bool Covers(Taint taint) =>
        (Key is null || Key == taint.Key) && (Value is null || Value == taint.Value) && (Effect is null || Effect == taint.Effect);
}
