using System.Text.Json;

namespace Orchestrator.Testing;

/// <summary>An update of a service <c>job</c> that takes long enough to be disturbed at each of its steps.</summary>
public static class SteppedUpdate
{
    private static readonly string[] Order = ["Planned", "Progressing", "Monitoring", "Completed"];

    /// <returns>Whether the rollout is at this step or past it; false where there is none yet.</returns>
    public static bool HasReached(JsonElement rollout, (string State, int Done) step) =>
        rollout.ValueKind == JsonValueKind.Object
        && (Array.IndexOf(Order, rollout.Text("state")) > Array.IndexOf(Order, step.State)
            || (rollout.Text("state") == step.State && rollout.GetProperty("done").GetInt32() >= step.Done));

    /// <param name="version">Another makes another revision.</param>
    /// <param name="replicas">How many.</param>
    public static string File(int version, int replicas) => $$"""
        services:
          job:
            image: orch-test:1
            pull_policy: never
            command: ["-c", "trap 'exit 0' TERM; while :; do busybox sleep 1 & wait $$!; done # {{version}}"]
            stop_grace_period: 1s
            deploy: { replicas: {{replicas}}, update_config: { monitor: 2s } }
            x-orchestrator: { rollout: { min_healthy_time: 1s } }
        """;
}
