using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Tasks;

/// <summary>How one attempt in a slot ended.</summary>
public sealed record SlotEnd(string TaskId, TaskState State, DateTimeOffset? RunningAt, DateTimeOffset EndedAt);
