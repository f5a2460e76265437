namespace Orchestrator.Contracts;

/// <summary>Who may begin connections. A list allows what it names and nothing else; null allows all that networks do.</summary>
public sealed record NetworkPolicySpec
{
    public IReadOnlyList<NetworkPolicyRule>? Ingress { get; init; }
    public IReadOnlyList<NetworkPolicyRule>? Egress { get; init; }
}
