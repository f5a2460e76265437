using System.Security.Cryptography;
using System.Text;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Tasks;

/// <summary>What follows an ended task where no scheduler says it: the same as the scheduler would have decided, on this node.</summary>
public static class Successors
{
    private const int Bytes = 16;

    /// <param name="policy">The service's restart policy.</param>
    /// <param name="ends">Ended attempts of the slot, the newest last.</param>
    /// <returns>When the next attempt may start; null: there is none.</returns>
    public static DateTimeOffset? DueAt(RestartPolicy policy, IReadOnlyList<SlotEnd> ends)
    {
        if (ends.Count == 0 || ends[^1] is not { State: TaskState.Failed or TaskState.Completed } last)
        {
            return null;
        }

        if (policy.Condition == RestartCondition.None || (policy.Condition == RestartCondition.OnFailure && last.State == TaskState.Completed))
        {
            return null;
        }

        var from = policy.WindowSeconds is { } window and > 0 ? last.EndedAt.AddSeconds(-window) : DateTimeOffset.MinValue;
        if (policy.MaxAttempts is { } most and > 0 && ends.Count(end => end.EndedAt >= from) > most)
        {
            return null;
        }

        var failures = ends.Reverse().TakeWhile(end => end.RunningAt is not { } began || end.EndedAt - began < RestartBackoff.CleanRun).Count();
        return last.EndedAt + RestartBackoff.Delay(policy, failures, RestartBackoff.Jitter(last.TaskId));
    }

    /// <summary>An agent that is started again and decides the same makes the same id.</summary>
    public static string IdOf(string parentTaskId, string nodeId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{parentTaskId}/{nodeId}")).AsSpan(0, Bytes));
}
