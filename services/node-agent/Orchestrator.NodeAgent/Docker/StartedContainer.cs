namespace Orchestrator.NodeAgent.Docker;

/// <param name="Container">As it was right after its start.</param>
/// <param name="EngineTime">Time spent inside the engine's create and start.</param>
/// <param name="Note">What people should know though it worked.</param>
internal sealed record StartedContainer(FoundContainer Container, TimeSpan EngineTime, string? Note);
