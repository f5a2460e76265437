namespace Orchestrator.Contracts;

/// <summary>One of the two is there.</summary>
/// <param name="Error">What is wrong, and what to write.</param>
public sealed record ParsedConstraint(Constraint? Constraint, string? Error);
