using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Options;
using Orchestrator.Messaging;

namespace Orchestrator.NodeAgent.Join;

/// <summary>Notes that the node's queue is connected, the first time and after each break.</summary>
internal sealed class NodeConnection(IOptions<NodeAgentOptions> options) : IReceiveEndpointObserver
{
    private readonly Channel<bool> _connected = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Announce() => _connected.Writer.TryWrite(true);

    public async Task WaitAsync(CancellationToken cancellation) => await _connected.Reader.ReadAsync(cancellation);

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
