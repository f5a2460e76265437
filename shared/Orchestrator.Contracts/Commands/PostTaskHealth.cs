using System.Text.Json;

namespace Orchestrator.Contracts;

/// <summary>
/// An application to the API: how one of its tasks is. What can be taken is passed on and not answered; what cannot is answered with
/// <see cref="CommandRejected"/>, which names the task. The message names the broker's user that sends it (<c>user_id</c>). It has no
/// id of its own: who may say this alone shall not answer the commands of others.
/// </summary>
[MessageName("orchestrator.commands.post-task-health")]
public sealed record PostTaskHealth
{
    /// <summary>What the container finds in <c>ORCHESTRATOR_TASK_ID</c>.</summary>
    public string? TaskId { get; init; }

    /// <summary>Where messages may overtake each other: grows with each of the task. Without one it is the newest.</summary>
    public long? Order { get; init; }

    /// <summary>The body of a post over HTTP, read as that is (<see cref="HealthPosts"/>).</summary>
    public JsonElement? Health { get; init; }
}
