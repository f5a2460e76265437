using System.Net;
using System.Net.Sockets;
using Orchestrator.NodeAgent.Domain.Names;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Names;

/// <summary>Answers what is the cluster's, and passes the rest on as it came.</summary>
internal sealed class NameResolver(NetworkMemory memory, IReadOnlyList<IPEndPoint> upstreams)
{
    private static readonly TimeSpan UpstreamLimit = TimeSpan.FromSeconds(2);
    private readonly NameBook _book = new(memory);
    private int _seed = Environment.TickCount;

    /// <returns>Null where others are to be asked, see <see cref="ForwardAsync"/>; empty: no message of the kind.</returns>
    public byte[]? Answer(ReadOnlySpan<byte> message, uint asker, bool overUdp)
    {
        if (!DnsMessages.TryRead(message, out var query))
        {
            return upstreams.Count > 0 ? null : [];
        }

        var limit = overUdp ? query.UdpSize : ushort.MaxValue;
        var answer = _book.Find(query.Name, query.Type, asker, (uint)Interlocked.Increment(ref _seed));
        return answer is null
            ? upstreams.Count > 0 ? null : DnsMessages.Answer(message, query, DnsMessages.NoSuchName, [], [], limit)
            : DnsMessages.Answer(message, query, answer.Exists ? DnsMessages.NoError : DnsMessages.NoSuchName, answer.Records, answer.More, limit);
    }

    public async Task<byte[]> ForwardAsync(byte[] message, bool overUdp)
    {
        foreach (var upstream in upstreams)
        {
            using var limit = new CancellationTokenSource(UpstreamLimit, TimeProvider.System);
            try
            {
                return overUdp ? await AskUdpAsync(message, upstream, limit.Token) : await AskTcpAsync(message, upstream, limit.Token);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or IOException)
            {
                // The next may answer.
            }
        }

        return DnsMessages.TryRead(message, out var query) ? DnsMessages.Answer(message, query, DnsMessages.ServerFailure, [], [], ushort.MaxValue) : [];
    }

    private static async Task<byte[]> AskUdpAsync(byte[] message, IPEndPoint upstream, CancellationToken cancellation)
    {
        using var socket = new Socket(upstream.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(upstream, cancellation);
        await socket.SendAsync(message, cancellation);
        var buffer = new byte[ushort.MaxValue];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellation);
            if (length > 2 && buffer[0] == message[0] && buffer[1] == message[1])
            {
                return buffer[..length];
            }
        }
    }

    private static async Task<byte[]> AskTcpAsync(byte[] message, IPEndPoint upstream, CancellationToken cancellation)
    {
        using var client = new TcpClient(upstream.AddressFamily);
        await client.ConnectAsync(upstream, cancellation);
        var stream = client.GetStream();
        await NameServer.WriteAsync(stream, message, cancellation);
        return await NameServer.ReadAsync(stream, cancellation) ?? throw new IOException("no answer");
    }
}
