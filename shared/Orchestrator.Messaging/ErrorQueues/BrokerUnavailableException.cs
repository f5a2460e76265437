namespace Orchestrator.Messaging;

/// <summary>The broker cannot be reached, or refuses what was asked.</summary>
public sealed class BrokerUnavailableException(string message, Exception inner) : Exception(message, inner);
