using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

[JsonConverter(typeof(JsonStringEnumConverter<MountType>))]
public enum MountType
{
    Volume,
    Bind,
    Tmpfs,
}
