namespace Orchestrator.NodeAgent.Domain.Pressure;

/// <summary>What a task uses and what is reserved for it.</summary>
public sealed record TaskMemory(string TaskId, int Priority, long UsedBytes, long ReservedBytes);
