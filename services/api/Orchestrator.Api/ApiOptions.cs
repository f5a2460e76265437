using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Api;

/// <summary>Section <c>Api</c>.</summary>
public sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>The bearer token is written here at the first start, readable by the owner only.</summary>
    [Required]
    public string TokenFile { get; set; } = "";

    [Required]
    public string ClusterId { get; set; } = "";

    /// <summary>A command that is not answered after this is published again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan PublishAgainAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Events older than this are dropped.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan HistoryKept { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long nodes have to answer for logs.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan LogsTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A silent event stream sends a comment this often, so that both ends notice a broken connection.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan StreamHeartbeat { get; set; } = TimeSpan.FromSeconds(15);
}
