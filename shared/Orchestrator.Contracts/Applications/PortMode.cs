using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

[JsonConverter(typeof(JsonStringEnumConverter<PortMode>))]
public enum PortMode
{
    /// <summary>Balanced over the service's ready tasks.</summary>
    Ingress,

    /// <summary>Bound by the engine to one container.</summary>
    Host,
}
