using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Docker;
using Orchestrator.NodeAgent.Domain.Pressure;
using Orchestrator.NodeAgent.Heartbeats;
using Orchestrator.NodeAgent.Join;
using Orchestrator.NodeAgent.Tasks;

namespace Orchestrator.NodeAgent.Pressure;

/// <summary>Looks at what the machine has left; the node joins again, as something else, when it is short or no longer so.</summary>
internal sealed class PressureWatch(NodeTasks tasks, NodeConnection connection, IContainerRuntime runtime, IOptions<NodeAgentOptions> options, TimeProvider time) : BackgroundService
{
    private const long Kibi = 1024;
    private NodePressure? _now;

    /// <summary>Null: it is short of nothing.</summary>
    public NodePressure? Now => Volatile.Read(ref _now);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PressureInterval, time);
        do
        {
            var found = PressureRules.Of(options.Value.PressureMarks, MemoryAvailable(), runtime.FreeDiskPercent(), Now, TasksHere());
            if (found != Now)
            {
                Volatile.Write(ref _now, found);
                connection.Announce();
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<TaskMemory> TasksHere() => tasks.Entries
        .Where(entry => entry is { State: TaskState.Running, Spec: not null, Container: not null })
        .Select(entry => new TaskMemory(entry.Id, entry.Spec!.Priority, CgroupUsage.MemoryOf(entry.Container!.Id) ?? 0, entry.Spec.Resources.ReservedMemoryBytes ?? 0));

    private static long? MemoryAvailable()
    {
        try
        {
            var line = File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
            return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kibibytes, ..] ? long.Parse(kibibytes, CultureInfo.InvariantCulture) * Kibi : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // No such file: nothing is known, and nothing is told.
            return null;
        }
    }
}
