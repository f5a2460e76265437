namespace Orchestrator.NodeAgent.Domain.Tasks;

/// <summary>A finished container and the slot it was for.</summary>
public sealed record EndedContainer(string TaskId, string App, string Service, int Slot, DateTimeOffset EndedAt);
