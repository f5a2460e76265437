using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>Where connections through a published port go.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ExternalTrafficPolicy>))]
public enum ExternalTrafficPolicy
{
    /// <summary>To all ready tasks; a task on another node sees the node's address.</summary>
    Cluster,

    /// <summary>To ready tasks of the node that was asked, which see the client's address.</summary>
    Local,
}
