using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

[JsonConverter(typeof(JsonStringEnumConverter<RolloutState>))]
public enum RolloutState
{
    /// <summary>Stored; nobody has looked at the tasks yet.</summary>
    Planned,
    Progressing,

    /// <summary>A canary or a step is done; it waits for a person.</summary>
    AwaitingPromotion,

    /// <summary>By a person, or because tasks failed and the policy says so.</summary>
    Paused,

    /// <summary>All tasks are of the revision and ready; they are watched.</summary>
    Monitoring,
    Completed,

    /// <summary>It failed; the newest stable revision is on its way.</summary>
    RollingBack,
    RolledBack,

    /// <summary>Tasks of the revision fail, and there is nothing to go back to, or that failed too.</summary>
    Failed,

    /// <summary>A newer revision took its place.</summary>
    Superseded,

    /// <summary>By a person, or because the service was removed.</summary>
    Aborted,
}
