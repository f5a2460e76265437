using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Gateway;

/// <summary>Section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>Where the APIs are: each address that the host's name resolves to is one of them.</summary>
    [Required]
    public Uri Api { get; set; } = new("http://api:7080");

    /// <summary>How often the name is resolved again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan ResolveInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often each API is asked whether it lives; one that failed a request gets none for so long.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(2);

    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A request on which nothing is sent or received for so long is given up. An event stream is never silent for more than 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SilenceTimeout { get; set; } = TimeSpan.FromSeconds(100);
}
