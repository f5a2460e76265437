using System.ComponentModel.DataAnnotations;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Rebalance;

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

    /// <summary>Most items that one sweep takes of a kind.</summary>
    [Range(1, 100_000)]
    public int SweepLimit { get; set; } = 1_000;

    /// <summary>How tasks are placed whose service names no strategy.</summary>
    [EnumDataType(typeof(PlacementStrategy))]
    public PlacementStrategy Strategy { get; set; } = PlacementStrategy.Mixed;

    /// <summary>What counts for a task that states neither a reservation nor a limit.</summary>
    [Range(0, 1_000)]
    public double DefaultCpus { get; set; } = DemandDefaults.DefaultCpus;

    [Range(0, 1L << 50)]
    public long DefaultMemoryBytes { get; set; } = DemandDefaults.DefaultMemoryBytes;

    /// <summary>How many tasks of those placed together keep why they are where they are.</summary>
    [Range(0, 10_000)]
    public int ExplainedTasks { get; set; } = PlacementOptions.DefaultExplainedTasks;

    /// <summary>A failed task counts against its node for so long.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan FailuresCountFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether running tasks are moved to level the nodes.</summary>
    public bool Rebalance { get; set; }

    /// <summary>How much more of the fullest node may be reserved than of the emptiest.</summary>
    [Range(0.01, 1)]
    public double RebalanceThreshold { get; set; } = RebalanceOptions.DefaultThreshold;

    public bool RebalanceFillsEmptyNodes { get; set; } = true;

    [Range(1, 10_000)]
    public int RebalanceMovesPerHour { get; set; } = RebalanceOptions.DefaultMovesPerHour;

    /// <summary>How often it is looked whether nodes are uneven.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RebalanceInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>All addresses of the cluster's network. Its last sixteenth is for services.</summary>
    public string ClusterRange { get; set; } = "10.128.0.0/12";

    /// <summary>The length of the prefix of a node's subnet.</summary>
    public int SubnetBits { get; set; } = 24;

    internal DemandDefaults Demands => new() { Cpus = DefaultCpus, MemoryBytes = DefaultMemoryBytes };

    internal RebalanceOptions Balance => new() { Enabled = Rebalance, Threshold = RebalanceThreshold, FillEmptyNodes = RebalanceFillsEmptyNodes, MovesPerHour = RebalanceMovesPerHour };
}
