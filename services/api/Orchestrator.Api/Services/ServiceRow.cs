using Orchestrator.Contracts;

namespace Orchestrator.Api.Services;

/// <summary>A service in a list.</summary>
internal sealed record ServiceRow
{
    public required string App { get; init; }
    public required string Name { get; init; }
    public required string Mode { get; init; }
    public required int Desired { get; init; }
    public required int Running { get; init; }
    public required int Ready { get; init; }
    public required string Image { get; init; }
    public required int Revision { get; init; }

    /// <summary>The state of the newest rollout.</summary>
    public required string? Rollout { get; init; }

    /// <summary>Slots whose work is done and is not to be done again.</summary>
    public required int Done { get; init; }

    /// <summary>The services it depends on have not got so far: none of its tasks starts.</summary>
    public required bool WaitsForOthers { get; init; }

    /// <summary>It is told to go; its last tasks are stopping.</summary>
    public required bool Removed { get; init; }

    public required string Id { get; init; }
    public required IReadOnlyList<PortSpec> Ports { get; init; }
}
