using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Api;

/// <summary>Section <c>Api</c>.</summary>
public sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>The bearer token is written here at the first start, readable by the owner only. Not needed where <see cref="Token"/> is given.</summary>
    public string TokenFile { get; set; } = "";

    /// <summary>A token that is good beside the stored ones, the same for every API of the cluster; then none is made.</summary>
    [MinLength(16, ErrorMessage = "Api:Token is too short; write 16 characters or more")]
    public string? Token { get; set; }

    [Required]
    public string ClusterId { get; set; } = "";

    /// <summary>A command that is not answered after this is published again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan PublishAgainAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>An old command is published again ever less often, but at least this often.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan PublishAgainAtMost { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A request waits no longer than this for the broker; what is stored is answered 202, the publishing goes on.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan PublishPatience { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A command that is not answered after this no longer holds back later ones of its application.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan HoldBackFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The error queues are counted this often.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ErrorQueuesCountedEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Events older than this are dropped.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan HistoryKept { get; set; } = TimeSpan.FromDays(30);

    /// <summary>All but so many of the newest events are dropped.</summary>
    [Range(1_000, 1_000_000_000)]
    public long HistoryEventsKept { get; set; } = 1_000_000;

    /// <summary>How long a scheduler has to answer with a plan.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan PlanTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long nodes have to answer for logs.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan LogsTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A silent event stream sends a comment this often, so that both ends notice a broken connection.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan StreamHeartbeat { get; set; } = TimeSpan.FromSeconds(15);
}
