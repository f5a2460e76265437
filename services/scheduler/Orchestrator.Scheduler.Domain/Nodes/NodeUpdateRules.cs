using System.Text.RegularExpressions;
using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Nodes;

/// <summary>Says all that is wrong with what people want to say of a node.</summary>
public static partial class NodeUpdateRules
{
    private const int MaxValue = 255;
    private const int MaxDeadline = 7 * 86_400;

    public static IReadOnlyList<string> Check(UpdateNode update) =>
    [
        .. update.Pool is { Length: > 0 } pool && (!Key().IsMatch(pool) || pool == Placement.NodePool.Any) ? [$"pool: '{pool}' is no pool; write letters, digits, '.', '-' and '_', and not {Placement.NodePool.Any}"] : Array.Empty<string>(),
        .. update.DrainDeadlineSeconds is < 0 or > MaxDeadline or double.NaN ? [$"deadline: write 0s to {MaxDeadline}s"] : Array.Empty<string>(),
        .. update.DrainDeadlineSeconds is not null && update.Availability != Contracts.NodeAvailability.Drain ? ["deadline: only a drain has one"] : Array.Empty<string>(),
        .. update.SetLabels.Where(label => !Key().IsMatch(label.Key) || label.Value is null || label.Value.Length > MaxValue)
            .Select(label => $"label '{label.Key}': write KEY=VALUE, the key of letters, digits, '.', '-', '_' and '/', the value of at most {MaxValue} characters"),
        .. update.SetLabels.Keys.Intersect(update.RemoveLabels).Select(key => $"label '{key}' is set and removed; write one of both"),
        .. update.SetTaints.Where(taint => taint is null || !Key().IsMatch(taint.Key) || taint.Value.Length > MaxValue)
            .Select(taint => $"taint '{taint?.Key}': write KEY=VALUE:EFFECT, the key of letters, digits, '.', '-', '_' and '/'"),
    ];

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Key();
}
