using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>A label for constraints only.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NodeRole>))]
public enum NodeRole
{
    Worker,
    Manager,
}
