namespace Orchestrator.State;

/// <summary>The store cannot be reached now. Nothing is wrong with what was asked: it may be asked again. Whether a write took place is not known.</summary>
public class StoreUnavailableException(string message, Exception inner) : Exception(message, inner);
