using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Nodes;

/// <summary>A node in a list.</summary>
internal sealed record NodeRow
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required NodeRole Role { get; init; }

    /// <summary>Null until a heartbeat was stored.</summary>
    public required NodeLiveness? Liveness { get; init; }

    public required NodeAvailability Availability { get; init; }
    public required double Cpus { get; init; }
    public required long MemoryBytes { get; init; }
    public required double ReservedCpus { get; init; }
    public required long ReservedMemoryBytes { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
    public required string Engine { get; init; }
    public required string? Address { get; init; }
    public required DateTimeOffset? LastSeen { get; init; }

    public static NodeRow Of(NodeDocument node, NodeLivenessDocument? seen) => new()
    {
        Id = node.Id,
        Name = node.Name,
        Role = node.Role,
        Liveness = seen?.Liveness,
        Availability = node.Availability,
        Cpus = node.Capacity.Cpus,
        MemoryBytes = node.Capacity.MemoryBytes,
        ReservedCpus = Math.Round(node.Reservations.Values.Sum(reservation => reservation.Cpus), 6),
        ReservedMemoryBytes = node.Reservations.Values.Sum(reservation => reservation.MemoryBytes),
        Labels = node.AllLabels(),
        Engine = node.Engine.Version,
        Address = node.Address,
        LastSeen = seen?.LastSeenAt,
    };
}
