using Orchestrator.Contracts;

namespace Orchestrator.Simulator;

/// <summary>What a simulated node holds of one task.</summary>
/// <param name="NodeId">Where it is.</param>
/// <param name="Wanted">The newest instruction.</param>
/// <param name="Spec">What to run; outlives an instruction to stop.</param>
/// <param name="State">As it is reported.</param>
/// <param name="RunningAt">When it started.</param>
public sealed record SimulatedTask(string NodeId, NodeTask Wanted, TaskSpec? Spec, TaskState State, DateTimeOffset? RunningAt);
