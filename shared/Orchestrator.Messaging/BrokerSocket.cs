using System.Net.Sockets;
using RabbitMQ.Client;

namespace Orchestrator.Messaging;

/// <summary>
/// A connection to the broker on which writing does not fail: when it breaks, reading does, which everybody is told of. RabbitMQ.Client 7.2.2 ends its
/// writing loop at a failed write and tells nobody: when 128 wait to write, as they do when a broker dies under load, one of them holds what the others wait
/// for, the consumers of the connection never hear that it is gone, and their queues have no consumer any more
/// (rabbitmq-dotnet-client, issue 1930; repaired after 7.2.2, and with that version this goes).
/// </summary>
internal sealed class BrokerSocket(Socket socket) : TcpClientAdapter(socket)
{
    public static ITcpClient Create(AddressFamily family) => new BrokerSocket(new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });

    public override NetworkStream GetStream() => new Writes(Client);

    private sealed class Writes(Socket socket) : NetworkStream(socket)
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                await base.WriteAsync(buffer, cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                Socket.Dispose();
            }
        }
    }
}
