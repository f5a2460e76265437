using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.HealthMonitor.Domain.Nodes;
using Orchestrator.State;

namespace Orchestrator.HealthMonitor.Nodes;

/// <summary>Keeps nodes that vanished together from being declared lost, and tells when that begins and ends.</summary>
internal sealed class BrakeDesk(INodeStore nodes, IBus bus, IOptions<HealthMonitorOptions> options, TimeProvider time, ILogger<BrakeDesk> logger)
{
    private static readonly HashSet<string> Nobody = [];
    private bool _on;

    /// <returns>The nodes as they may be declared.</returns>
    public async Task<IReadOnlyList<FoundNode>> ApplyAsync(IReadOnlyList<FoundNode> found, DateTimeOffset now, CancellationToken cancellation)
    {
        var (window, hold) = (options.Value.BrakeWindow, options.Value.BrakeHold);
        if (!NodeBrake.IsOn(found.Select(node => FindingOf(node, confirmed: false)), window))
        {
            await TellAsync(found, Nobody, cancellation);
            return found;
        }

        // Asked only while it matters: what people say of a node stands with the node.
        var confirmed = (await nodes.ListAsync(cancellation)).Where(node => node.LostConfirmedAt is not null).ToDictionary(node => node.Id, node => node.LostConfirmedAt);
        var findings = found.ToDictionary(node => node.Id, node => FindingOf(node, confirmed.GetValueOrDefault(node.Id) >= (node.KnownSince ?? now)));
        var isOn = NodeBrake.IsOn(findings.Values, window);
        var held = isOn ? found.Where(node => NodeBrake.Holds(findings[node.Id], hold)).Select(node => node.Id).ToHashSet() : Nobody;
        await TellAsync(found, held, cancellation);
        return [.. found.Select(node => held.Contains(node.Id) ? Held(node, now, hold) : node)];
    }

    private static NodeFinding FindingOf(FoundNode node, bool confirmed) =>
        new(node.Signal.Known ?? NodeLiveness.Ready, node.Signal.KnownFor, node.Liveness, confirmed);

    private static FoundNode Held(FoundNode node, DateTimeOffset now, TimeSpan hold) => node with
    {
        Liveness = NodeLiveness.Unreachable,
        HeldUntil = (node.Signal.Known == NodeLiveness.Unreachable ? node.KnownSince ?? now : now) + hold,
    };

    private async Task TellAsync(IReadOnlyList<FoundNode> found, HashSet<string> held, CancellationToken cancellation)
    {
        var on = held.Count > 0;
        if (on == _on)
        {
            return;
        }

        _on = on;
        var (id, at) = (NewId.NextGuid().ToString("N"), time.GetUtcNow());
        if (on)
        {
            var silent = found.Count(node => node.Liveness > NodeLiveness.Ready);
            Log.BrakeApplied(logger, silent, found.Count, options.Value.BrakeHold.TotalMinutes);
            await bus.Publish(
                new BrakeApplied
                {
                    EventId = id, OccurredAt = at, Nodes = [.. held.Order(StringComparer.Ordinal)], Total = found.Count, Until = at + options.Value.BrakeHold,
                    Reason = $"{silent} of {found.Count} nodes vanished at once: none is declared lost",
                },
                cancellation);
        }
        else
        {
            Log.BrakeReleased(logger);
            await bus.Publish(new BrakeReleased { EventId = id, OccurredAt = at }, cancellation);
        }
    }
}
