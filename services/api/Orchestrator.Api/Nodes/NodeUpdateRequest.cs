using Orchestrator.Contracts;

namespace Orchestrator.Api.Nodes;

/// <summary>What is absent stays as it is.</summary>
internal sealed record NodeUpdateRequest
{
    public NodeAvailability? Availability { get; init; }

    /// <summary>Empty: what the agent was started with.</summary>
    public string? Pool { get; init; }

    public Dictionary<string, string>? SetLabels { get; init; }
    public List<string>? RemoveLabels { get; init; }

    /// <summary><c>KEY[=VALUE]:EFFECT</c></summary>
    public List<string>? SetTaints { get; init; }

    /// <summary>Keys.</summary>
    public List<string>? RemoveTaints { get; init; }

    /// <summary>With availability Drain; absent: an hour, 0: at once.</summary>
    public double? DrainDeadlineSeconds { get; init; }

    public List<string>? AdoptOrphans { get; init; }
    public List<string>? StopOrphans { get; init; }

    /// <summary>It is gone for good.</summary>
    public bool ConfirmLost { get; init; }
}
