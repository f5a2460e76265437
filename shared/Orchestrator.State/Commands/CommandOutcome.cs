using System.Text.Json.Serialization;

namespace Orchestrator.State;

[JsonConverter(typeof(JsonStringEnumConverter<CommandOutcome>))]
public enum CommandOutcome
{
    Accepted,
    Rejected,
    Superseded,
}
