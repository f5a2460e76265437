using Orchestrator.Simulator;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>What simulated nodes are given and hold.</summary>
internal static class Simulated
{
    public static string Compose(int replicas, double cpus) => $$"""
        services:
          job: { image: "simulated:1", deploy: { replicas: {{replicas}}, resources: { reservations: { cpus: "{{cpus}}" } } } }
        """;

    /// <returns>Tasks of the application that any node was ever told to run.</returns>
    public static IReadOnlyList<SimulatedTask> Of(this SimulatedNodes nodes, string app) => [.. nodes.Tasks().Where(task => task.Spec?.App == app)];
}
