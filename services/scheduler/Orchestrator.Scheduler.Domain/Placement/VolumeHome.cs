namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>A volume whose data stand on one node: its tasks can be nowhere else.</summary>
public sealed record VolumeHome(string Volume, string NodeId, string NodeName);
