using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Options;
using Orchestrator.Messaging;

namespace Orchestrator.NodeAgent.Join;

/// <summary>Notes that the node's queue is connected, the first time and after each break, and that the scheduler has answered.</summary>
internal sealed class NodeConnection(IOptions<NodeAgentOptions> options) : IReceiveEndpointObserver
{
    private readonly Channel<bool> _connected = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Announce() => _connected.Writer.TryWrite(true);

    public async Task WaitAsync(CancellationToken cancellation) => await _connected.Reader.ReadAsync(cancellation);

    /// <returns>Done when the scheduler has sent the node's tasks, counted from now.</returns>
    public Task NextAnswerAsync()
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _answered, answered);
        return answered.Task;
    }

    public void Answered() => Volatile.Read(ref _answered).TrySetResult();

    public Task Ready(ReceiveEndpointReady ready)
    {
        if (ready.InputAddress.AbsolutePath.EndsWith(NodeQueue.Name(options.Value.NodeId), StringComparison.Ordinal))
        {
            Announce();
        }

        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
}
