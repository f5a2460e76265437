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

    public static NodeRow Of(ReservedNode reserved, NodeLivenessDocument? seen) => new()
    {
        Id = reserved.Node.Id,
        Name = reserved.Node.Name,
        Role = reserved.Node.Role,
        Liveness = seen?.Liveness,
        Availability = reserved.Node.Availability,
        Cpus = reserved.Node.Capacity.Cpus,
        MemoryBytes = reserved.Node.Capacity.MemoryBytes,
        ReservedCpus = Math.Round(reserved.Cpus, 6),
        ReservedMemoryBytes = reserved.MemoryBytes,
        Labels = reserved.Node.AllLabels(),
        Engine = reserved.Node.Engine.Version,
        Address = reserved.Node.Address,
        LastSeen = seen?.LastSeenAt,
    };
}
