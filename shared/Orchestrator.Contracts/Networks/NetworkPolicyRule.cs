namespace Orchestrator.Contracts;

/// <summary>One that is allowed: a service, an application, a range of addresses; none of them is anybody.</summary>
public sealed record NetworkPolicyRule
{
    public string? Service { get; init; }

    /// <summary>With <see cref="Service"/>: whose it is; null is the same application.</summary>
    public string? App { get; init; }

    public string? Cidr { get; init; }

    /// <summary><c>80</c>, <c>8000-8010/udp</c>; none: all.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];
}
