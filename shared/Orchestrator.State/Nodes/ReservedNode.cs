namespace Orchestrator.State;

/// <summary>A node, and what its reservations come to.</summary>
/// <param name="Node">Without its reservations.</param>
/// <param name="Tasks">How many have something set aside.</param>
/// <param name="Cpus">Set aside.</param>
/// <param name="MemoryBytes">Set aside.</param>
public sealed record ReservedNode(NodeDocument Node, int Tasks, double Cpus, long MemoryBytes)
{
    private static readonly IReadOnlyDictionary<string, Reservation> None = new Dictionary<string, Reservation>();

    /// <param name="node">With its reservations.</param>
    public static ReservedNode Of(NodeDocument node) => new(
        node with { Reservations = None }, node.Reservations.Count, node.Reservations.Values.Sum(reservation => reservation.Cpus), node.Reservations.Values.Sum(reservation => reservation.MemoryBytes));
}
