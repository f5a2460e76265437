using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>What a task that finds no room may do to others.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PreemptionMode>))]
public enum PreemptionMode
{
    Off,

    /// <summary>Have tasks of lower priority stopped.</summary>
    Lower,

    /// <summary>No others are stopped for it, and it is never stopped for others.</summary>
    Never,
}
