using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>Set by people.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NodeAvailability>))]
public enum NodeAvailability
{
    Active,

    /// <summary>No new tasks.</summary>
    Pause,

    /// <summary>No tasks.</summary>
    Drain,
}
