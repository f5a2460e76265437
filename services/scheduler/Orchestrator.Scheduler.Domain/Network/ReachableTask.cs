using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Network;

/// <summary>A task as its reachability sees it.</summary>
/// <param name="Address">Of its container; null: none that other nodes reach.</param>
/// <param name="NodeAnswers">Its node is part of the network and not silent.</param>
public sealed record ReachableTask(string Id, int Slot, string? NodeId, string? Address, TaskState State, bool Ready, bool Routed, DesiredState Desired, bool NodeLost, bool NodeAnswers);
