namespace Orchestrator.State;

/// <summary>What nodes were last told of a service.</summary>
public sealed record ServiceNetworkDocument
{
    /// <summary>Its address; kept as long as the service.</summary>
    public string? Vip { get; init; }

    /// <summary>Of the endpoints.</summary>
    public required long Version { get; init; }

    /// <summary>A hash of the endpoints.</summary>
    public required string Told { get; init; }
}
