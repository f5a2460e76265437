namespace Orchestrator.Contracts;

/// <summary>Draws tasks to where another service is, or keeps them away from it.</summary>
public sealed record ServiceAffinitySpec
{
    /// <summary>Its name, the service's own too; <c>app/service</c> of another application, which need not be there yet.</summary>
    public string Service { get; init; } = "";

    /// <summary>Nodes with the same value are one place; <c>node.id</c>: each node is.</summary>
    public string Topology { get; init; } = "node.id";

    /// <summary>−100…100, not 0. Below 0: away from it.</summary>
    public int Weight { get; init; } = 100;

    /// <summary>Must, not should; of the weight only the sign counts.</summary>
    public bool Hard { get; init; }
}
