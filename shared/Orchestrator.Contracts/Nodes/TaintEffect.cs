using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

[JsonConverter(typeof(JsonStringEnumConverter<TaintEffect>))]
public enum TaintEffect
{
    /// <summary>No new tasks.</summary>
    NoSchedule,

    /// <summary>New tasks only where there is no better node.</summary>
    PreferNoSchedule,

    /// <summary>No new tasks, and those that are there leave.</summary>
    NoExecute,
}
