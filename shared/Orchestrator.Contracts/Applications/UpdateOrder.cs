using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

[JsonConverter(typeof(JsonStringEnumConverter<UpdateOrder>))]
public enum UpdateOrder
{
    StartFirst,
    StopFirst,
}
