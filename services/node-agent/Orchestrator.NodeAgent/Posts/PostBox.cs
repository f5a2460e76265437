using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Posts;

namespace Orchestrator.NodeAgent.Posts;

/// <summary>What one application has posted. Who waits for its next post is woken by it.</summary>
internal sealed class PostBox(TimeProvider time)
{
    private static readonly TimeSpan LoadAge = TimeSpan.FromMinutes(1);
    private readonly long _began = time.GetTimestamp();
    private readonly Lock _gate = new();
    private PostedHealth _said = new();
    private PostBudget _budget;
    private long? _order;
    private TaskCompletionSource _next = New();

    /// <summary>Since the box was made: a clock that nobody sets.</summary>
    public TimeSpan Now => time.GetElapsedTime(_began);

    /// <summary>All that was said, and the task that ends with the next post.</summary>
    public (PostedHealth Said, Task Next) Look()
    {
        lock (_gate)
        {
            return (_said, _next.Task);
        }
    }

    /// <returns>The load it said last; null when that is older than a minute, or it said none.</returns>
    public double? Load()
    {
        var said = Look().Said;
        return Now - said.LoadAt < LoadAge ? said.Load : null;
    }

    /// <returns>False when it posts more than it may.</returns>
    public bool TryUseBudget()
    {
        lock (_gate)
        {
            if (_budget.Take(Now) is not { } left)
            {
                return false;
            }

            _budget = left;
            return true;
        }
    }

    /// <param name="post">What it says.</param>
    /// <param name="order">Where messages may overtake each other: one that is no greater than an earlier one's is outdated.</param>
    public void Put(HealthPost post, long? order = null)
    {
        TaskCompletionSource next;
        lock (_gate)
        {
            if (order <= _order)
            {
                return;
            }

            _order = order ?? _order;
            _said = _said.Take(post, Now);
            (next, _next) = (_next, New());
        }

        next.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
