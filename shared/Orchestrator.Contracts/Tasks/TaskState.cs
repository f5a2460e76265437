using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>Numbers only grow. The agent is the source of 30–100, the scheduler of 10, 20 and 110.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskState>))]
public enum TaskState
{
    /// <summary>Not placed on a node.</summary>
    Pending = 10,

    /// <summary>Placed; the node has not answered.</summary>
    Assigned = 20,

    /// <summary>The image, network and volumes are made ready.</summary>
    Preparing = 30,
    Starting = 40,
    Running = 50,
    Stopping = 60,

    /// <summary>Exited with 0 by itself.</summary>
    Completed = 70,

    /// <summary>Exited otherwise, or could not be started.</summary>
    Failed = 80,

    /// <summary>Ended because it was told to.</summary>
    Stopped = 90,

    /// <summary>The node cannot run it: no such image, a bad mount.</summary>
    Rejected = 100,

    /// <summary>Its node is gone and it will not return.</summary>
    Lost = 110,
}
