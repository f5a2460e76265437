using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

[JsonConverter(typeof(JsonStringEnumConverter<PortProtocol>))]
public enum PortProtocol
{
    Tcp,
    Udp,
}
