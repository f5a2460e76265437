namespace Orchestrator.Contracts;

/// <summary>Tasks are spread over the values of a node's attribute.</summary>
public sealed record PreferenceSpec
{
    /// <summary><c>node.labels.zone</c></summary>
    public string Attribute { get; init; } = "";

    /// <summary>How many tasks a value may have more than the one with the fewest.</summary>
    public int MaxSkew { get; init; } = 1;

    /// <summary>Tasks wait where they would break it.</summary>
    public bool Hard { get; init; }
}
