namespace Orchestrator.State;

/// <summary>What is to be set aside on a node.</summary>
/// <param name="NodeId">The node.</param>
/// <param name="Version">Its version when that was decided.</param>
/// <param name="Add">By task id.</param>
public sealed record ReservationChange(string NodeId, long Version, IReadOnlyDictionary<string, Reservation> Add);
