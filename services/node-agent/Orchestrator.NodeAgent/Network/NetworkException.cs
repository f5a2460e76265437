namespace Orchestrator.NodeAgent.Network;

/// <summary>The machine's network could not be made as it shall be.</summary>
internal sealed class NetworkException(string message) : Exception(message);
