using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Names;

/// <summary>Takes questions by UDP and TCP.</summary>
internal sealed class NameServer(NameResolver resolver, IPAddress address, int port)
{
    public const int Port = 53;
    private const int SolSocket = 1;
    private const int ReusePort = 15;
    private const int FreeBind = 15;
    private const int MaxMessage = 4096;
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(10);
    private volatile NameResolver _resolver = resolver;

    /// <summary>Replaced as a whole; questions under way are answered by the former.</summary>
    public NameResolver Resolver
    {
        get => _resolver;
        set => _resolver = value;
    }

    /// <exception cref="SocketException">The port is taken.</exception>
    public void Start(CancellationToken end)
    {
        for (var i = 0; i < Math.Max(1, Environment.ProcessorCount / 2); i++)
        {
            var udp = Bound(SocketType.Dgram, ProtocolType.Udp);
            end.Register(udp.Dispose);
            new Thread(() => ServeUdp(udp, end)) { IsBackground = true, Name = "names" }.Start();
        }

        var tcp = Bound(SocketType.Stream, ProtocolType.Tcp);
        tcp.Listen(128);
        end.Register(tcp.Dispose);
        _ = AcceptAsync(tcp, end);
    }

    public static async Task WriteAsync(NetworkStream stream, byte[] message, CancellationToken cancellation)
    {
        var framed = new byte[message.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancellation);
    }

    /// <returns>Null at the end.</returns>
    public static async Task<byte[]?> ReadAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var length = new byte[2];
        if (await stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false, cancellation) < 2)
        {
            return null;
        }

        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        return await stream.ReadAtLeastAsync(message, message.Length, throwOnEndOfStream: false, cancellation) == message.Length ? message : null;
    }

    private Socket Bound(SocketType type, ProtocolType protocol)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        Span<byte> yes = [1, 0, 0, 0];

        // A newer server takes over before the older one ends; and the bridge may not have its address yet.
        socket.SetRawSocketOption(SolSocket, ReusePort, yes);
        socket.SetRawSocketOption((int)ProtocolType.IP, FreeBind, yes);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }

    private void ServeUdp(Socket socket, CancellationToken end)
    {
        var buffer = new byte[MaxMessage];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        while (!end.IsCancellationRequested)
        {
            try
            {
                var length = socket.ReceiveFrom(buffer, SocketFlags.None, from);
                var resolver = _resolver;
                var asker = BinaryPrimitives.ReadUInt32BigEndian(from.Buffer.Span[4..]);
                if (resolver.Answer(buffer.AsSpan(0, length), asker, overUdp: true) is { } answer)
                {
                    socket.SendTo(answer, SocketFlags.None, from);
                }
                else
                {
                    _ = ForwardAsync(socket, resolver, buffer[..length], from);
                }
            }
            catch (SocketException) when (!end.IsCancellationRequested)
            {
                // The asker left, or sent more than a question.
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private static async Task ForwardAsync(Socket socket, NameResolver resolver, byte[] question, SocketAddress from)
    {
        var to = new SocketAddress(AddressFamily.InterNetwork);
        from.Buffer.Span[..from.Size].CopyTo(to.Buffer.Span);
        try
        {
            var answer = await resolver.ForwardAsync(question, overUdp: true);
            if (answer.Length > 0)
            {
                await socket.SendToAsync(answer, SocketFlags.None, to);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The asker left.
        }
    }

    private async Task AcceptAsync(Socket listener, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptAsync(end);
                _ = ServeTcpAsync(client, end);
            }
            catch (SocketException)
            {
                // The asker left between knocking and being let in.
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeTcpAsync(Socket client, CancellationToken end)
    {
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            var asker = Ipv4Range.Number(((IPEndPoint)client.RemoteEndPoint!).Address);
            while (true)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(end);
                limit.CancelAfter(IdleLimit);
                if (await ReadAsync(stream, limit.Token) is not { } question)
                {
                    return;
                }

                var resolver = _resolver;
                await WriteAsync(stream, resolver.Answer(question, asker, overUdp: false) ?? await resolver.ForwardAsync(question, overUdp: false), limit.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The asker left, or asked nothing for a while.
        }
    }
}
