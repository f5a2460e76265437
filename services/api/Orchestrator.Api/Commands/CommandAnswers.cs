using System.Collections.Concurrent;
using Orchestrator.State;

namespace Orchestrator.Api.Commands;

/// <summary>Lets a request wait for the answer to a command, whoever gave the command and whichever instance stored the answer.</summary>
internal sealed class CommandAnswers(ICommandStore commands, ICommandResultStore results, TimeProvider time)
{
    // The signal that wakes may be lost: the store is looked at now and then.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();

    public void Answered(string commandId)
    {
        if (_waiting.TryRemove(commandId, out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    /// <returns>What is known when it is answered or patience ends; null when nothing is.</returns>
    public async Task<CommandStatus?> WaitAsync(string commandId, TimeSpan patience, CancellationToken cancellation)
    {
        var deadline = time.GetUtcNow() + patience;
        while (true)
        {
            var signal = _waiting.GetOrAdd(commandId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            var status = await FindAsync(commandId, cancellation);
            var left = deadline - time.GetUtcNow();
            if (status is { Answer: not null } || left <= TimeSpan.Zero)
            {
                _waiting.TryRemove(KeyValuePair.Create(commandId, signal));
                return status;
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

    /// <summary>A command that came over the bus is known to the scheduler alone, once it has answered.</summary>
    private async Task<CommandStatus?> FindAsync(string commandId, CancellationToken cancellation) =>
        await commands.FindAsync(commandId, cancellation) is { } command ? new CommandStatus(commandId, command, command.Answer)
        : await results.FindAsync(commandId, cancellation) is { } answer ? new CommandStatus(commandId, null, answer)
        : null;
}
