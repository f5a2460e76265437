using Orchestrator.Scheduler.Domain.Placement.Explain;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>Explanations as they are kept.</summary>
internal static class Explanations
{
    public static TaskExplanation? Of(Explanation? explanation, DateTimeOffset now, string? note = null) => explanation is null ? null : new TaskExplanation
    {
        At = now,
        NodesLookedAt = explanation.NodesLookedAt,
        Refusals = [.. explanation.Refusals.Select(refusal => new RefusingNode(refusal.NodeId, refusal.Node, refusal.Reasons))],
        FurtherRefusals = explanation.FurtherRefusals,
        Best = [.. explanation.Best.Select(node => new ScoredNode(
            node.NodeId, node.Node, Math.Round(node.Score, 2), [.. node.Parts.Select(part => new ScoredPart(part.Name, Math.Round(part.Score, 2), part.Weight))]))],
        Changes = [.. explanation.Changes.Select(change => change.Text)],
        Note = note,
    };
}
