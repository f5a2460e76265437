using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Scheduler;

/// <summary>Section <c>Scheduler</c>.</summary>
public sealed class SchedulerOptions
{
    public const string Section = "Scheduler";

    /// <summary>How often what is stored as waiting is looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>What is dirty for less than this has its message on the way.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan SweepAge { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>An instruction that is not applied after this is sent again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan InstructAgainAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often reservations are compared with live tasks.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReservationSweepInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the health monitor's verdicts are read, in case one was missed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan LivenessSweepInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A reservation younger than this may belong to a task that is being stored.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReservationGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A service whose dependencies are not met is looked at again after this even if no message says so.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan DependencyRecheck { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often tasks are counted for the metrics.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan TasksCountedEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A service whose tasks find no node is looked at again after this even if nobody says that room came free.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RoomRecheck { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most items that one sweep takes of a kind.</summary>
    [Range(1, 100_000)]
    public int SweepLimit { get; set; } = 1_000;
}
