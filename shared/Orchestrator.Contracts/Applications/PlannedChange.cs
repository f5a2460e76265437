using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

[JsonConverter(typeof(JsonStringEnumConverter<PlannedChange>))]
public enum PlannedChange
{
    None,
    Create,

    /// <summary>Its tasks are replaced.</summary>
    Update,

    /// <summary>Its tasks run on.</summary>
    InPlace,

    Scale,
    Remove,
}
