namespace Orchestrator.Contracts;

/// <summary>Devices that a container is given, such as GPUs.</summary>
public sealed record DeviceSpec
{
    /// <summary>As <see cref="Count"/>: all that the task's node has, at least one.</summary>
    public const int AllThereAre = -1;

    /// <summary>What they are (Compose <c>capabilities</c>): <c>gpu</c>. Nodes tell how many they have by this name.</summary>
    public string Kind { get; init; } = "gpu";

    public string? Driver { get; init; }

    /// <summary>How many, or <see cref="AllThereAre"/>; with <see cref="Ids"/>, their number.</summary>
    public int Count { get; init; } = 1;

    /// <summary>These and no others; empty: any.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];
}
