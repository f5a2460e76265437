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

    /// <summary>Where other nodes reach this one.</summary>
    public string? Address { get; set; }

    /// <summary>Default: <c>DOCKER_HOST</c>, else the usual socket.</summary>
    public string? DockerEndpoint { get; set; }

    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A node that gets no answer to its joining for so long joins again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan JoinAgainAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Containers started at once: starting costs CPU, and more than the cores gain nothing.</summary>
    [Range(1, 64)]
    public int ParallelStarts { get; set; } = Math.Max(2, Environment.ProcessorCount);

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
}
