using System.Net;
using System.Net.Sockets;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Ports;

/// <summary>
/// Accepts on one port and joins each connection with one backend, also those of IPv6, which no backend has an address of.
/// A port of UDP is only kept from others: the kernel deals its packets.
/// </summary>
internal sealed class RelayListener : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);
    private readonly List<Socket> _sockets = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly PortProtocol _protocol;
    private int _turn;

    /// <exception cref="SocketException">The port is taken, or the address is not this node's.</exception>
    public RelayListener(IPAddress address, int port, PortProtocol protocol)
    {
        (_protocol, Port) = (protocol, port);
        Listen(address);
    }

    public int Port { get; private set; }

    public IEnumerable<IPAddress> Addresses => _sockets.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Address);

    /// <summary>Replaced as a whole; connections that are made already stay where they are.</summary>
    public IReadOnlyList<IPEndPoint> Backends { get; set; } = [];

    public OpenConnections Connections { get; } = new();

    /// <summary>Clients of other machines that come by IPv6 are let in.</summary>
    public bool TakesIpv6 { get; set; } = true;

    /// <returns>False: there the port cannot be had.</returns>
    public bool TryListenAlso(IPAddress address)
    {
        try
        {
            Listen(address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _sockets.ForEach(socket => socket.Dispose());
        _stop.Dispose();
    }

    private void Listen(IPAddress address)
    {
        var udp = _protocol == PortProtocol.Udp;
        var socket = new Socket(address.AddressFamily, udp ? SocketType.Dgram : SocketType.Stream, udp ? ProtocolType.Udp : ProtocolType.Tcp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                // Who has all of IPv6 has none of IPv4, which may be another's.
                socket.DualMode = false;
            }

            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, !udp);
            socket.Bind(new IPEndPoint(address, Port));
            if (!udp)
            {
                socket.Listen(512);
            }
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }

        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        _sockets.Add(socket);
        if (!udp)
        {
            _ = Task.Run(() => AcceptAsync(socket));
        }
    }

    private async Task AcceptAsync(Socket socket)
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var client = await socket.AcceptAsync(stop);
                _ = Task.Run(() => ServeAsync(client), CancellationToken.None);
            }
            catch (SocketException) when (!stop.IsCancellationRequested)
            {
                // The client left between knocking and being let in.
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            if (!TakesIpv6 && client.RemoteEndPoint is IPEndPoint { Address: { AddressFamily: AddressFamily.InterNetworkV6 } from } && !IPAddress.IsLoopback(from))
            {
                return;
            }

            client.NoDelay = true;
            var backends = Backends;
            for (var i = 0; i < backends.Count; i++)
            {
                if (await JoinAsync(client, backends[(int)((uint)Interlocked.Increment(ref _turn) % backends.Count)]))
                {
                    return;
                }
            }
        }
    }

    /// <returns>False where the backend refuses, is slow to answer, or has just been taken out of routing.</returns>
    private async Task<bool> JoinAsync(Socket client, IPEndPoint target)
    {
        // Counted before the connection is made, and looked at again once counted: who drains a backend then misses none.
        using var counted = Connections.Open(target);
        if (!Backends.Contains(target))
        {
            return false;
        }

        using var backend = await ConnectAsync(target);
        if (backend is null)
        {
            return false;
        }

        await Task.WhenAll(PumpAsync(client, backend), PumpAsync(backend, client));
        return true;
    }

    private static async Task<Socket?> ConnectAsync(IPEndPoint target)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = new CancellationTokenSource(ConnectTimeout, TimeProvider.System);
        try
        {
            await socket.ConnectAsync(target, limit.Token);
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>An end of one direction is passed on; the other may go on.</summary>
    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0)
            {
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One side broke off: so does the other.
            from.Close();
            to.Close();
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
