namespace Orchestrator.State;

/// <summary>The store has no room for what is to be written. It goes on by itself when there is some again.</summary>
/// <param name="message">What is full, and what to do: for people.</param>
/// <param name="inner">What the engine says.</param>
public sealed class StoreFullException(string message, Exception inner) : StoreUnavailableException(message, inner);
