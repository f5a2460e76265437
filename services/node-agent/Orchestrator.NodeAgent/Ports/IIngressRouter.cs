using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Ports;

/// <summary>Serves ports of mode ingress on this node over the ready tasks: local ones, and those of other nodes that it is told of.</summary>
internal interface IIngressRouter
{
    /// <summary>What it listens on now.</summary>
    IReadOnlyList<(System.Net.IPAddress Address, int Port, PortProtocol Protocol)> Listening { get; }

    /// <summary>Adds or changes a task. From the return on, new connections follow.</summary>
    /// <returns>The ports as bound, and what could not be bound.</returns>
    (IReadOnlyList<TaskPort> Ports, string? Problem) Put(IngressEndpoint endpoint);

    /// <summary>The service's tasks on other nodes that serve ports of this one: all there are.</summary>
    void Follow(string app, string service, IReadOnlyList<IngressEndpoint> others);

    /// <summary>From the return on, the task gets no new connection.</summary>
    void Remove(string taskId);

    /// <summary>The task gets no new connection from the call on; ends when those it has have ended, or at the limit.</summary>
    Task DrainAsync(string taskId, TimeSpan limit);
}
