using Microsoft.Extensions.Options;

namespace Orchestrator.NodeAgent.Heartbeats;

/// <summary>How often the node tells that it lives: as it was set up to, less often when the scheduler says so.</summary>
internal sealed class BeatInterval(IOptions<NodeAgentOptions> options)
{
    private long _told;

    public TimeSpan Now => TimeSpan.FromTicks(Math.Max(options.Value.HeartbeatInterval.Ticks, Volatile.Read(ref _told)));

    public void Told(double seconds) => Volatile.Write(ref _told, TimeSpan.FromSeconds(seconds).Ticks);
}
