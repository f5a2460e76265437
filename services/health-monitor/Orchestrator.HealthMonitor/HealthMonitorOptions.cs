using System.ComponentModel.DataAnnotations;
using Orchestrator.HealthMonitor.Domain.Nodes;

namespace Orchestrator.HealthMonitor;

/// <summary>Section <c>HealthMonitor</c>.</summary>
public sealed class HealthMonitorOptions : IValidatableObject
{
    public const string Section = "HealthMonitor";

    public TimeSpan SuspectAfter { get; set; } = NodeLivenessThresholds.DefaultSuspectAfter;
    public TimeSpan UnreachableAfter { get; set; } = NodeLivenessThresholds.DefaultUnreachableAfter;
    public TimeSpan LostAfter { get; set; } = NodeLivenessThresholds.DefaultLostAfter;

    /// <summary>A node that is lost for so long is forgotten.</summary>
    public TimeSpan DownAfter { get; set; } = NodeLivenessThresholds.DefaultDownAfter;

    /// <summary>The most that a node gets to connect again after the bus was away.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ReconnectGrace { get; set; } = NodeLivenessThresholds.DefaultReconnectGrace;

    /// <summary>Nodes that vanish within this time vanish together.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan BrakeWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that nodes which vanished together are not declared lost.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan BrakeHold { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often silence is looked at.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A node's last heartbeat is stored this often while nothing else changes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan StoreEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A verdict that could not be published in this time is published in the next round.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an instance decides without renewing its lease; another takes over after that.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the lease is renewed, or looked at by those who wait for it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan LeaseRenewal { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Health transitions older than this are dropped.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan HistoryKept { get; set; } = TimeSpan.FromDays(7);

    public NodeLivenessThresholds Thresholds => new()
    {
        SuspectAfter = SuspectAfter,
        UnreachableAfter = UnreachableAfter,
        LostAfter = LostAfter,
        DownAfter = DownAfter,
        ReconnectGrace = ReconnectGrace,
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!(TimeSpan.Zero < SuspectAfter && SuspectAfter < UnreachableAfter && UnreachableAfter < LostAfter && LostAfter < DownAfter))
        {
            yield return new ValidationResult("HealthMonitor: write SuspectAfter < UnreachableAfter < LostAfter < DownAfter");
        }

        if (LeaseRenewal * 2 > LeaseDuration)
        {
            yield return new ValidationResult("HealthMonitor: LeaseRenewal must be at most half of LeaseDuration");
        }
    }
}
