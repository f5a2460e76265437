namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>A set or a map of the kernel's. Its type follows from its name: it never changes.</summary>
/// <param name="Type">Of its keys, and of a map's values: <c>type ipv4_addr : verdict</c>.</param>
/// <param name="Elements">A set's have empty values.</param>
public sealed record ElementSet(string Type, IReadOnlyDictionary<string, string> Elements)
{
    public bool IsMap => Type.Contains(':', StringComparison.Ordinal);
}
