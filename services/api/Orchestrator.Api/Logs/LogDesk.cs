using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Api.Logs;

/// <summary>Asks nodes for the output of tasks and waits for their answers.</summary>
internal sealed class LogDesk(IBus bus, IOptions<ApiOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Question> _open = new();

    /// <returns>The lines by time, and the nodes that did not answer in time or could not.</returns>
    public async Task<(IReadOnlyList<LogLine> Lines, IReadOnlyList<string> Problems)> ReadAsync(IReadOnlyList<TaskDocument> tasks, int? tail, CancellationToken cancellation)
    {
        var nodes = tasks.Where(task => task.NodeId is not null).GroupBy(task => task.NodeId!).ToList();
        var question = new Question(nodes.Select(node => node.Key));
        var id = NewId.NextGuid().ToString("N");
        _open[id] = question;
        using var limit = new CancellationTokenSource(options.Value.LogsTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            // Asking is part of the time there is: with the broker away it would last for ever.
            await AskAsync(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // What has come is given; who is silent is named.
        }
        finally
        {
            _open.TryRemove(id, out _);
        }

        return question.Result();

        async Task AskAsync(CancellationToken ended)
        {
            await bus.SendManyAsync(
                [.. nodes.Select(node => (NodeQueue.Address(node.Key), new ReadTaskLogs { RequestId = id, NodeId = node.Key, TaskIds = [.. node.Select(task => task.Id)], Tail = tail }))],
                ended);
            await question.Answered;
        }
    }

    public void Answer(TaskLogsRead answer)
    {
        if (_open.TryGetValue(answer.RequestId, out var question))
        {
            question.Take(answer);
        }
    }

    private sealed class Question(IEnumerable<string> nodes)
    {
        private readonly Lock _gate = new();
        private readonly HashSet<string> _silent = [.. nodes];
        private readonly List<LogLine> _lines = [];
        private readonly List<string> _problems = [];
        private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Answered
        {
            get
            {
                lock (_gate)
                {
                    return _silent.Count == 0 ? Task.CompletedTask : _answered.Task;
                }
            }
        }

        public void Take(TaskLogsRead answer)
        {
            lock (_gate)
            {
                _lines.AddRange(answer.Lines);
                if (answer.Error is { } error)
                {
                    _problems.Add($"node {answer.NodeId}: {error}");
                }

                if (answer.Done && _silent.Remove(answer.NodeId) && _silent.Count == 0)
                {
                    _answered.TrySetResult();
                }
            }
        }

        public (IReadOnlyList<LogLine> Lines, IReadOnlyList<string> Problems) Result()
        {
            lock (_gate)
            {
                return ([.. _lines.OrderBy(line => line.At)], [.. _problems, .. _silent.Select(node => $"node {node} does not answer")]);
            }
        }
    }
}
