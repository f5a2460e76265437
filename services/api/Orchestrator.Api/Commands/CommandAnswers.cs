using System.Collections.Concurrent;
using Orchestrator.State;

namespace Orchestrator.Api.Commands;

/// <summary>Lets a request wait for the answer to its command.</summary>
internal sealed class CommandAnswers(ICommandStore commands, TimeProvider time)
{
    // Another instance of the API may have taken the answer: the store is looked at now and then.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();

    public void Answered(string commandId)
    {
        if (_waiting.TryRemove(commandId, out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    public async Task<CommandDocument?> WaitAsync(string commandId, TimeSpan patience, CancellationToken cancellation)
    {
        var deadline = time.GetUtcNow() + patience;
        while (true)
        {
            var signal = _waiting.GetOrAdd(commandId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            var command = await commands.FindAsync(commandId, cancellation);
            var left = deadline - time.GetUtcNow();
            if (command is null or { Answer: not null } || left <= TimeSpan.Zero)
            {
                _waiting.TryRemove(KeyValuePair.Create(commandId, signal));
                return command;
            }

            try
            {
                await signal.Task.WaitAsync(left < LookAgain ? left : LookAgain, time, cancellation);
            }
            catch (TimeoutException)
            {
                // Time to look at the store.
            }
        }
    }
}
