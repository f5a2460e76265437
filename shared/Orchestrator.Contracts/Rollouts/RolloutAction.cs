using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>What a person may do to a rollout.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RolloutAction>))]
public enum RolloutAction
{
    /// <summary>Begin no further task.</summary>
    Pause,

    /// <summary>Go on after a pause.</summary>
    Resume,

    /// <summary>The canary, or the step, is good: go on.</summary>
    Promote,

    /// <summary>Stop, and go back to the newest stable revision if there is one.</summary>
    Abort,

    /// <summary>Try again after a failure; earlier failures are forgotten.</summary>
    Retry,
}
