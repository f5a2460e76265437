namespace Orchestrator.NodeAgent.Domain.Pressure;

/// <summary>How little a node may have left; 0: that is not looked at.</summary>
/// <param name="Memory">Bytes available; below it is short.</param>
/// <param name="MemoryHard">Below it a task is to leave.</param>
/// <param name="DiskPercent">Of the engine's disk that is free; below it is short.</param>
public sealed record PressureMarks(long Memory, long MemoryHard, double DiskPercent);
