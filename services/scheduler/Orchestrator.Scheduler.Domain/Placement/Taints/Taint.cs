using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Placement.Taints;

/// <summary>A node keeps tasks away that do not tolerate this.</summary>
public sealed record Taint(string Key, string Value, TaintEffect Effect)
{
    public override string ToString() => (Value.Length > 0 ? $"{Key}={Value}" : Key) + ":" + Effect;
}
