using System.Diagnostics.Metrics;
using Orchestrator.State;

namespace Orchestrator.Api.Commands;

/// <summary>The commands without an answer, as last seen in the store; two gauges. The same on every instance.</summary>
internal sealed class UnansweredCommands
{
    private volatile Seen _last = new(0, null);

    public UnansweredCommands(IMeterFactory meters, TimeProvider time)
    {
        var meter = meters.Create(ApiMetrics.MeterName);
        meter.CreateObservableGauge("orchestrator_commands_unanswered", () => _last.Count, null, "Stored commands without an answer, at most 1000.");
        meter.CreateObservableGauge(
            "orchestrator_command_oldest_unanswered_seconds",
            () => _last.Oldest is { } oldest ? Math.Max(0, (time.GetUtcNow() - oldest).TotalSeconds) : 0,
            "s",
            "Age of the oldest command without an answer; 0 when there is none.");
    }

    public void Take(IReadOnlyList<CommandDocument> pending) =>
        _last = new Seen(pending.Count, pending.Count > 0 ? pending.Min(command => command.CreatedAt) : null);

    private sealed record Seen(int Count, DateTimeOffset? Oldest);
}
