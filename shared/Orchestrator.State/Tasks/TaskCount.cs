using Orchestrator.Contracts;

namespace Orchestrator.State;

/// <summary>So many tasks of a service are alike in this.</summary>
public sealed record TaskCount(string ServiceId, TaskState State, DesiredState Desired, bool Ready, bool NodeLost, long Count);
