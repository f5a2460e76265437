using System.Text.Json.Serialization;

namespace Orchestrator.State;

[JsonConverter(typeof(JsonStringEnumConverter<RolloutState>))]
public enum RolloutState
{
    Progressing,
    Completed,

    /// <summary>Tasks of the revision fail again and again; attempts go on, and it may still complete.</summary>
    Failed,

    /// <summary>A newer revision took its place.</summary>
    Superseded,

    /// <summary>The service was removed.</summary>
    Aborted,
}
