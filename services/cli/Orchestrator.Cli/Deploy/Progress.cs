using System.Text.Json;
using Orchestrator.Cli.Http;

namespace Orchestrator.Cli.Deploy;

/// <summary>How far one service is on its way to the revision that was asked for.</summary>
/// <param name="Service">As listed; undefined while it is not there.</param>
/// <param name="Rollout">To the revision asked for; undefined when there is none.</param>
/// <param name="Wanted">The revision; null: any.</param>
internal sealed record Progress(JsonElement Service, JsonElement Rollout, int? Wanted)
{
    public string Name => Service.Text("name");

    public string State => Rollout.ValueKind == JsonValueKind.Object ? Rollout.Text("state") : Service.Text("rollout");

    public bool IsDone => State == "Completed" && !IsOvertaken && Service.Number("ready") + Service.Number("done") == Service.Number("desired");

    /// <summary>A rollout that its failures have paused waits for people.</summary>
    public bool IsFailed => State is "Failed" or "Aborted" || (State == "Paused" && Rollout.Number("failed") > 0);

    public bool IsRolledBack => State == "RolledBack";

    /// <summary>Another revision is wanted now, and not because this one failed.</summary>
    public bool IsOvertaken => Wanted is { } wanted && Service.Number("revision") > wanted && State is not ("RollingBack" or "RolledBack" or "Failed");

    public string Line
    {
        get
        {
            var counts = Rollout.ValueKind == JsonValueKind.Object && Rollout.Text("from").Length > 0
                ? $"{Rollout.Number("done")}/{Rollout.Number("replicas")} new, {Rollout.Number("old")} old, {Rollout.Number("failed")} failed, "
                : "";
            var step = Rollout.ValueKind == JsonValueKind.Object && Rollout.Number("steps") > 1 && State is not "Completed" ? $", step {Rollout.Number("step")} of {Rollout.Number("steps")}" : "";
            var blocker = Rollout.ValueKind == JsonValueKind.Object && Rollout.Text("blocker") is { Length: > 0 } text ? ": " + text : "";
            return $"{counts}{Service.Number("ready")}/{Service.Number("desired")} ready, revision {Wanted ?? Service.Number("revision")} {State.ToLowerInvariant()}{step}{blocker}";
        }
    }

    public static IReadOnlyList<Progress> Of(IReadOnlyList<JsonElement> services, IReadOnlyList<JsonElement> rollouts, JsonElement revisions) =>
    [
        .. services.Select(service =>
        {
            var wanted = revisions.TryGetProperty(service.Text("name"), out var revision) ? revision.GetInt32() : (int?)null;
            return new Progress(
                service,
                rollouts.FirstOrDefault(rollout => rollout.Text("service") == service.Text("name") && rollout.Number("to") == (wanted ?? service.Number("revision"))),
                wanted);
        }),
    ];
}
