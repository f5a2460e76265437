namespace Orchestrator.Contracts;

/// <summary>The name of a message on the wire: the exchange it is published to. Never renamed, never moved.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface, Inherited = false)]
public sealed class MessageNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
