using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>What the name of a service means.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EndpointMode>))]
public enum EndpointMode
{
    /// <summary>One address, balanced over the ready tasks.</summary>
    Vip,

    /// <summary>The addresses of the ready tasks.</summary>
    Dnsrr,
}
