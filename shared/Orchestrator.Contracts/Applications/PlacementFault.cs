namespace Orchestrator.Contracts;

/// <summary>What cannot be meant in a service's spec.</summary>
/// <param name="Path">Where, below the service: <c>placement.affinities[1].weight</c>.</param>
/// <param name="Text">What is wrong, and what to write.</param>
public sealed record PlacementFault(string Path, string Text);
