using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>What the container's health check says.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HealthState>))]
public enum HealthState
{
    /// <summary>There is no check.</summary>
    None,
    Starting,
    Healthy,
    Unhealthy,
}
