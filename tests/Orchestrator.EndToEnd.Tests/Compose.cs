namespace Orchestrator.EndToEnd.Tests;

/// <summary>Compose files that the scenarios share.</summary>
internal static class Compose
{
    /// <summary>A web service that says its version and its container's name.</summary>
    /// <param name="version">1 or 2.</param>
    /// <param name="replicas">How many.</param>
    /// <param name="port">Published on loopback.</param>
    public static string Web(int version, int replicas, int port) => $$"""
        services:
          web:
            image: orch-test:{{version}}
            pull_policy: never
            ports: ["127.0.0.1:{{port}}:8080"]
            stop_grace_period: 2s
            healthcheck:
              test: ["CMD", "/bin/busybox", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/"]
              interval: 500ms
              timeout: 2s
              start_period: 10s
            deploy:
              replicas: {{replicas}}
            x-orchestrator: { rollout: { min_healthy_time: 0s } }
        """;

    /// <summary>A service without ports that runs one shell line.</summary>
    public static string Shell(string line, int replicas = 1, string more = "") => $$"""
        services:
          job:
            image: orch-test:1
            pull_policy: never
            command: ["-c", {{System.Text.Json.JsonSerializer.Serialize(line.Replace("$", "$$", StringComparison.Ordinal))}}]
            stop_grace_period: 1s
            deploy: { replicas: {{replicas}}, update_config: { monitor: 0s }, rollback_config: { monitor: 0s } }
            x-orchestrator: { rollout: { min_healthy_time: 0s } }
        """ + (more.Length == 0 ? "" : "\n    " + more);

    public const string Forever = "trap 'exit 0' TERM; while :; do busybox sleep 1 & wait $!; done";
}
