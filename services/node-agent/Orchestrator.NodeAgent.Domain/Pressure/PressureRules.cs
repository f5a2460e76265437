using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Pressure;

/// <summary>When a node is short of something, and who leaves then.</summary>
public static class PressureRules
{
    /// <summary>What was short is so until there is this much more, so that it does not change with every container.</summary>
    private const double Relieved = 1.2;

    /// <param name="marks">The limits.</param>
    /// <param name="availableBytes">Memory that can be had; null: not known.</param>
    /// <param name="freePercent">Of the engine's disk; null: not known.</param>
    /// <param name="before">What was told last.</param>
    /// <param name="tasks">Those that run.</param>
    /// <returns>Null when it is short of nothing.</returns>
    public static NodePressure? Of(PressureMarks marks, long? availableBytes, double? freePercent, NodePressure? before, IEnumerable<TaskMemory> tasks)
    {
        var memory = availableBytes < marks.Memory * (before?.Memory == true ? Relieved : 1);
        var disk = freePercent < marks.DiskPercent * (before?.Disk == true ? Relieved : 1);
        return memory || disk
            ? new NodePressure { Memory = memory, Disk = disk, Leaving = availableBytes < marks.MemoryHard ? Leaving(tasks) : null }
            : null;
    }

    /// <summary>The least important of those that use more than is reserved for them; of equals the one that uses the most beyond it.</summary>
    private static string? Leaving(IEnumerable<TaskMemory> tasks) => tasks
        .Where(task => task.UsedBytes > task.ReservedBytes)
        .OrderBy(task => task.Priority)
        .ThenByDescending(task => task.UsedBytes - task.ReservedBytes)
        .ThenBy(task => task.TaskId, StringComparer.Ordinal)
        .FirstOrDefault()?.TaskId;
}
