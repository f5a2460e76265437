using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>A node that was lost returns with a task that was replaced meanwhile: one of the two stays.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReconcileChoice>))]
public enum ReconcileChoice
{
    /// <summary>The one that has got further; where both have, the replacement.</summary>
    Best,
    KeepOriginal,

    /// <summary>Unless the replacement has no node.</summary>
    KeepReplacement,
}
