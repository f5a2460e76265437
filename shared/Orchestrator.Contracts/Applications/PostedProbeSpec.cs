namespace Orchestrator.Contracts;

/// <summary>Nothing is asked: the application itself posts how it is, to the address in its variable <c>ORCHESTRATOR_HEALTH_URL</c>.</summary>
public sealed record PostedProbeSpec
{
    /// <summary>So long an application's word holds; a longer silence is a failure.</summary>
    public double MaxAgeSeconds { get; init; } = 30;
}
