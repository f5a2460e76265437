using System.Reflection;

namespace Orchestrator.Architecture.Tests;

internal static class Assemblies
{
    public static readonly string[] Domains = ["Orchestrator.Scheduler.Domain", "Orchestrator.NodeAgent.Domain", "Orchestrator.HealthMonitor.Domain"];

    /// <summary>Each with all that belongs to it.</summary>
    public static readonly string[][] Services =
    [
        ["Orchestrator.Api"],
        ["Orchestrator.Scheduler", "Orchestrator.Scheduler.Domain"],
        ["Orchestrator.HealthMonitor", "Orchestrator.HealthMonitor.Domain"],
        ["Orchestrator.NodeAgent", "Orchestrator.NodeAgent.Domain"],
        ["Orchestrator.Gateway"],
        ["orch"],
    ];

    public static readonly string[] Shared = ["Orchestrator.Contracts", "Orchestrator.Messaging", "Orchestrator.State", "Orchestrator.Compose", "Orchestrator.Hosting"];

    public static IEnumerable<string> All => Services.SelectMany(service => service).Concat(Shared).Append("Orchestrator.SingleNode");

    public static Assembly Load(string name) => Assembly.Load(name);

    public static IEnumerable<string> ReferencesOf(string name) => Load(name).GetReferencedAssemblies().Select(reference => reference.Name!);
}
