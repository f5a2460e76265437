using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

[JsonConverter(typeof(JsonStringEnumConverter<ServiceMode>))]
public enum ServiceMode
{
    /// <summary>A number of equal tasks, in slots 1…n.</summary>
    Replicated,

    /// <summary>One task on each node that matches.</summary>
    Global,
}
