using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

[JsonConverter(typeof(JsonStringEnumConverter<RestartCondition>))]
public enum RestartCondition
{
    None,
    OnFailure,
    Any,
}
