namespace Orchestrator.Messaging;

/// <summary>The queue of one node: instructions are sent to it and reach no other.</summary>
public static class NodeQueue
{
    public static string Name(string nodeId) => "orchestrator.node." + nodeId;

    /// <summary>The exchange in front of the queue: sending to it never declares the queue with other arguments than the node's own.</summary>
    public static Uri Address(string nodeId) => new("exchange:" + Name(nodeId));
}
