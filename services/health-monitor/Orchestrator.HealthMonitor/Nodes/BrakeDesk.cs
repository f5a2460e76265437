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
    private bool _on;

    /// <summary>Since when so few are silent that the brake is off, while one of those that it held still is.</summary>
    private DateTimeOffset? _calmSince;

    /// <returns>The nodes as they may be declared.</returns>
    public async Task<IReadOnlyList<FoundNode>> ApplyAsync(IReadOnlyList<FoundNode> found, DateTimeOffset now, CancellationToken cancellation)
    {
        var (window, hold) = (options.Value.BrakeWindow, options.Value.BrakeHold);
        var manyVanished = NodeBrake.IsOn(found.Select(node => FindingOf(node, confirmed: false)), window);
        var isCalming = !manyVanished && found.Any(node => node.WasHeld);
        _calmSince = isCalming ? _calmSince ?? now : null;
        if (!manyVanished && !isCalming)
        {
            await TellAsync(found, [], cancellation);
            return found;
        }

        // Asked only while it matters: what people say of a node stands with the node.
        var confirmed = (await nodes.ListAsync(cancellation)).Where(node => node.LostConfirmedAt is not null).ToDictionary(node => node.Id, node => node.LostConfirmedAt);
        var findings = found.ToDictionary(node => node.Id, node => FindingOf(node, confirmed.GetValueOrDefault(node.Id) >= (node.KnownSince ?? now)));
        var isOn = manyVanished && NodeBrake.IsOn(findings.Values, window);
        TimeSpan HeldFor(FoundNode node) =>
            isOn ? NodeBrake.HeldFor(findings[node.Id], hold)
            : _calmSince is { } calmSince && node.WasHeld ? NodeBrake.StillHeldFor(findings[node.Id], hold, now - calmSince, options.Value.Thresholds)
            : TimeSpan.Zero;

        var held = found.Select(node => (node.Id, For: HeldFor(node))).Where(node => node.For > TimeSpan.Zero).ToDictionary(node => node.Id, node => now + node.For);
        await TellAsync(found, held.Keys, cancellation);
        return [.. found.Select(node => held.TryGetValue(node.Id, out var until) ? node with { Liveness = NodeLiveness.Unreachable, HeldUntil = until } : node)];
    }

    private static NodeFinding FindingOf(FoundNode node, bool confirmed) =>
        new(node.Signal.Known ?? NodeLiveness.Ready, node.Signal.KnownFor, node.Liveness, confirmed);

    private async Task TellAsync(IReadOnlyList<FoundNode> found, IReadOnlyCollection<string> held, CancellationToken cancellation)
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
