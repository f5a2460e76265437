using Microsoft.Extensions.Options;
using Orchestrator.Scheduler.Domain.Network;

namespace Orchestrator.Scheduler.Network;

internal sealed class NetworkSettings(IOptions<SchedulerOptions> options)
{
    /// <summary>The options are checked at the start.</summary>
    public ClusterRanges Ranges { get; } = ClusterRanges.Of(options.Value.ClusterRange, options.Value.SubnetBits).Ranges!;
}
