using System.Globalization;
using System.Text;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Api.Posts;

/// <summary>Says all that is wrong with a post that came over the bus.</summary>
internal static class PostRules
{
    private const string WhereItStands = "ORCHESTRATOR_TASK_ID in the container's environment says it";

    public static (HealthPost Health, IReadOnlyList<string> Faults) Read(ReceivedPost post)
    {
        if (post.Length > HealthPosts.MaxBody)
        {
            return (new HealthPost(), [string.Create(CultureInfo.InvariantCulture, $"the body is longer than {HealthPosts.MaxBody} bytes; write taskId, order and health alone")]);
        }

        if (post.Message.Health is not { } body)
        {
            return (new HealthPost(), ["""health: it is missing; write a JSON object such as {"ready": true, "load": 0.4}"""]);
        }

        var (health, faults) = HealthPosts.Read(Encoding.UTF8.GetBytes(body.GetRawText()));
        return (health, [.. faults.Select(fault => "health: " + fault)]);
    }

    /// <param name="taskId">As the post names it.</param>
    /// <param name="task">Null: there is none of that id.</param>
    public static IReadOnlyList<string> OfTask(string? taskId, TaskDocument? task) => task switch
    {
        null when string.IsNullOrEmpty(taskId) => ["taskId: it is missing; " + WhereItStands],
        null => [$"taskId: there is no task '{taskId}'; {WhereItStands}"],
        _ when task.State.IsFinal() => [$"taskId: task '{taskId}' has ended ({task.State}); nothing is left that could be ready or live"],
        { NodeId: null } => [$"taskId: task '{taskId}' is on no node yet; post when its container runs"],
        _ => [],
    };

    /// <summary>An application's own user speaks for its tasks alone. Other users that may write here may say anything.</summary>
    /// <param name="sender">The broker's user that sent it; null: it names none.</param>
    /// <param name="app">Whose task it is; null: there is no such task.</param>
    public static IReadOnlyList<string> OfSender(string? sender, string? app) =>
        string.IsNullOrEmpty(sender) ? ["user_id: it is missing; set this property of the message to the broker's user that sends it"]
        : BrokerUsers.AppOf(sender) is { } own && app is not null && own != app ? [$"taskId: user '{sender}' speaks for tasks of application '{own}' alone"]
        : [];
}
