using MassTransit;

namespace Orchestrator.HealthMonitor;

/// <summary>This one of the health monitor's instances.</summary>
internal sealed class MonitorInstance
{
    public string Id { get; } = NewId.NextGuid().ToString("N");
}
