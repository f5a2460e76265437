using System.ComponentModel.DataAnnotations;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent;

/// <summary>Section <c>NodeAgent</c>.</summary>
public sealed class NodeAgentOptions
{
    public const string Section = "NodeAgent";

    /// <summary>Unique in the cluster, the same at every start.</summary>
    [Required]
    [RegularExpression("[A-Za-z0-9_-]{1,64}")]
    public string NodeId { get; set; } = "";

    [Required]
    [RegularExpression("[A-Za-z0-9_-]{8,64}")]
    public string ClusterId { get; set; } = "";

    /// <summary>Default: the machine's host name.</summary>
    public string? NodeName { get; set; }

    public NodeRole Role { get; set; } = NodeRole.Worker;
    public Dictionary<string, string> Labels { get; set; } = [];

    /// <summary>Where other nodes reach this one. Default: the address from which it reaches the broker.</summary>
    public string? Address { get; set; }

    /// <summary>Take part in the cluster's network. Without it containers of other nodes are not reached.</summary>
    public bool Network { get; set; }

    /// <summary>UDP; the same on all nodes.</summary>
    [Range(1, 65_535)]
    public int NetworkPort { get; set; } = 8472;

    /// <summary>The same on all nodes: those that encrypt and those that do not never reach each other.</summary>
    public NetworkEncryption NetworkEncryption { get; set; }

    /// <summary>Where the node keeps what it must know at its next start; null: nowhere.</summary>
    public string? StateFolder { get; set; }

    /// <summary>Default: <c>DOCKER_HOST</c>, else the usual socket.</summary>
    public string? DockerEndpoint { get; set; }

    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A node that gets no answer to its joining for so long joins again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan JoinAgainAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Containers started at once: a start waits for the engine's locks and the kernel as much as for a processor.</summary>
    [Range(1, 64)]
    public int ParallelStarts { get; set; } = Math.Max(4, Environment.ProcessorCount);

    /// <summary>Where applications post their health, on the addresses of their networks' bridges alone; 0: nowhere.</summary>
    [Range(0, 65_535)]
    public int PostPort { get; set; } = 7084;

    /// <summary>How soon a published port that somebody else has is tried again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan PortRetryInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a container that is to stop may finish the connections it has through a published port.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Finished containers kept per slot, for their logs.</summary>
    [Range(0, 100)]
    public int FinishedContainersKept { get; set; } = 5;

    /// <summary>An application with no task here for so long loses its network and finished containers.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan CleanUpAfter { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>By kind, how many the node has of what services may reserve: generic resources, and devices (<c>gpu</c>).</summary>
    public Dictionary<string, long> GenericResources { get; set; } = [];

    /// <summary>Devices that services may ask for by id.</summary>
    public List<string> DeviceIds { get; set; } = [];

    /// <summary>How many processes services may reserve; null: not counted.</summary>
    [Range(1, long.MaxValue)]
    public long? Pids { get; set; }

    /// <summary>The node's own queue is a quorum queue: for a broker of several nodes.</summary>
    public bool QuorumQueue { get; set; }

    /// <summary>Takes only services that name it; null: <c>default</c>.</summary>
    [RegularExpression("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")]
    public string? Pool { get; set; }

    /// <summary><c>KEY[=VALUE]:EFFECT</c>; effects are NoSchedule, PreferNoSchedule and NoExecute.</summary>
    public List<string> Taints { get; set; } = [];

    /// <summary>Kept back for the machine itself.</summary>
    [Range(0, 100_000)]
    public double SystemCpus { get; set; }

    [Range(0, long.MaxValue)]
    public long SystemMemoryBytes { get; set; }

    /// <summary>How many CPUs may be reserved for each that there is.</summary>
    [Range(0.01, 100)]
    public double OvercommitCpus { get; set; } = 1;

    [Range(0.01, 100)]
    public double OvercommitMemory { get; set; } = 1;

    /// <summary>How often the images of the engine are looked at, to tell of those that came or went.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ImagesInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>When no scheduler has taken a task's end for so long, the node starts what follows it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SucceedAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>With less memory available the node gets no new tasks; 0: that is not looked at.</summary>
    [Range(0, long.MaxValue)]
    public long LowMemoryBytes { get; set; } = 256L << 20;

    /// <summary>With less a task that uses more than is reserved for it is to leave, the least important first.</summary>
    [Range(0, long.MaxValue)]
    public long HardMemoryBytes { get; set; } = 100L << 20;

    /// <summary>With less of the engine's disk free the node gets no new tasks; 0: that is not looked at.</summary>
    [Range(0, 100)]
    public double LowDiskPercent { get; set; } = 10;

    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan PressureInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the agent looks which ports other programs have: each look has the kernel go through all its sockets, which takes some 20 ms of a processor.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan HeldPortsInterval { get; set; } = TimeSpan.FromSeconds(10);

    internal Domain.Pressure.PressureMarks PressureMarks => new(LowMemoryBytes, HardMemoryBytes, LowDiskPercent);
}
