using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>What heartbeats tell of a node.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NodeLiveness>))]
public enum NodeLiveness
{
    Ready,
    Suspect,

    /// <summary>No new work, out of routing.</summary>
    Unreachable,

    /// <summary>Its tasks are replaced.</summary>
    Lost,

    /// <summary>Forgotten after a day.</summary>
    Down,
}
