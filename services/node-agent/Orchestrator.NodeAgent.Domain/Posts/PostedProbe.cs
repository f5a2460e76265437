using System.Globalization;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Probes;

namespace Orchestrator.NodeAgent.Domain.Posts;

/// <summary>A probe that is answered before it is asked. The application's word counts at once, without thresholds.</summary>
/// <param name="Role">What its result decides.</param>
/// <param name="MaxAge">How long silence may last.</param>
/// <param name="Since">From when on posts could be expected, and heard.</param>
public sealed record PostedProbe(ProbeRole Role, TimeSpan MaxAge, TimeSpan Since)
{
    /// <summary>Nobody wakes to the millisecond.</summary>
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(1);

    public PostVerdict Judge(PostedHealth said, TimeSpan now)
    {
        var from = Role != ProbeRole.Startup && said.HeardAt > Since ? said.HeardAt.Value : Since;
        var left = from + MaxAge - now;
        return (Role, said) switch
        {
            (ProbeRole.Startup, { Ready: true }) => new PostVerdict(ProbeStanding.Passed, "it posted ready: true", null),
            (ProbeRole.Liveness, { Live: false }) => new PostVerdict(ProbeStanding.Failed, "it posted live: false" + Why(said), null),
            _ when left <= TimeSpan.Zero => new PostVerdict(ProbeStanding.Failed, Silence(), null),
            (ProbeRole.Readiness, { Ready: true }) => new PostVerdict(ProbeStanding.Passed, "it posted ready: true", left),
            (ProbeRole.Readiness, { Ready: false }) => new PostVerdict(ProbeStanding.Failed, "it posted ready: false" + Why(said), left),
            _ => new PostVerdict(ProbeStanding.Open, "", left),
        };
    }

    /// <summary>Whoever wakes much later than planned could not hear meanwhile: silence counts anew.</summary>
    public PostedProbe Woken(TimeSpan planned, TimeSpan now) => now - planned > Lateness ? this with { Since = now } : this;

    private string Silence() => string.Create(
        CultureInfo.InvariantCulture, $"it has posted {(Role == ProbeRole.Startup ? "no ready: true" : "nothing")} for {MaxAge.TotalSeconds:0.###} s");

    private static string Why(PostedHealth said) => said.Message is { Length: > 0 } message ? $" ({message})" : "";
}
