using System.Net;

namespace Orchestrator.NodeAgent.Ports;

/// <summary>How many connections of one listener each backend has.</summary>
internal sealed class OpenConnections
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPEndPoint, int> _counts = [];
    private readonly List<(IPEndPoint Backend, TaskCompletionSource Ended)> _waiting = [];

    /// <returns>Disposed, the connection has ended.</returns>
    public IDisposable Open(IPEndPoint backend)
    {
        lock (_gate)
        {
            _counts[backend] = _counts.GetValueOrDefault(backend) + 1;
        }

        return new Connection(this, backend);
    }

    /// <summary>Ends when the backend has no connection.</summary>
    public Task EndAsync(IPEndPoint backend)
    {
        lock (_gate)
        {
            if (!_counts.ContainsKey(backend))
            {
                return Task.CompletedTask;
            }

            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((backend, ended));
            return ended.Task;
        }
    }

    private void Close(IPEndPoint backend)
    {
        lock (_gate)
        {
            if (--_counts[backend] > 0)
            {
                return;
            }

            _counts.Remove(backend);
            foreach (var (_, ended) in _waiting.Where(waiting => waiting.Backend.Equals(backend)))
            {
                ended.SetResult();
            }

            _waiting.RemoveAll(waiting => waiting.Backend.Equals(backend));
        }
    }

    private sealed class Connection(OpenConnections connections, IPEndPoint backend) : IDisposable
    {
        public void Dispose() => connections.Close(backend);
    }
}
