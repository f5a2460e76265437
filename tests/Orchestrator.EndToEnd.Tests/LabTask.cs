namespace Orchestrator.EndToEnd.Tests;

/// <summary>A task on a node of the lab.</summary>
public sealed record LabTask(int Node, string Container, string Address);
