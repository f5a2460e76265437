using System.Collections.Concurrent;

namespace Orchestrator.NodeAgent.Network;

/// <summary>Waits until nobody begins connections to a task any more, and until those it has have ended.</summary>
internal sealed class DrainTurns(TimeProvider time)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _turns = new();

    /// <summary>The word may come before the task is told to stop.</summary>
    public void Finish(IReadOnlyList<string> taskIds)
    {
        foreach (var taskId in taskIds)
        {
            TurnOf(taskId).TrySetResult();
        }
    }

    /// <summary>The task has ended.</summary>
    public void Forget(string taskId) => _turns.TryRemove(taskId, out _);

    public async Task WaitAsync(string taskId)
    {
        try
        {
            await TurnOf(taskId).Task.WaitAsync(AnswerLimit, time);
        }
        catch (TimeoutException)
        {
            // A node that does not answer counts as gone.
        }
        finally
        {
            _turns.TryRemove(taskId, out _);
        }
    }

    /// <summary>Ends when the kernel knows no connection to the address, or at the limit.</summary>
    /// <returns>Whether all have ended.</returns>
    public async Task<bool> WaitForConnectionsAsync(string address, TimeSpan limit, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var (code, output, _) = await Tool.TryAsync("conntrack", ["-L", "-p", "tcp", "--state", "ESTABLISHED", "--reply-src", address], null, cancellation);
            if (code != 0 || !output.Contains("tcp", StringComparison.Ordinal))
            {
                return true;
            }

            var left = limit - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            await Task.Delay(left < LookInterval ? left : LookInterval, time, cancellation);
        }
    }

    private TaskCompletionSource TurnOf(string taskId) => _turns.GetOrAdd(taskId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
