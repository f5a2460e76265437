using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Testing;

/// <summary>Stands before a server, and can be cut: then no connection is left, and none is made, until it is healed.</summary>
public sealed class TcpProxy : IDisposable
{
    private readonly string _host;
    private readonly int _port;
    private readonly List<Socket> _open = [];
    private readonly Lock _gate = new();
    private Socket? _listener;

    public TcpProxy(string host, int port)
    {
        (_host, _port) = (host, port);
        Heal();
    }

    /// <summary>On 127.0.0.1; stays the same.</summary>
    public int Port { get; private set; }

    public void Heal()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        listener.Listen(64);
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        _listener = listener;
        _ = Task.Run(() => AcceptAsync(listener));
    }

    public void Cut()
    {
        _listener?.Dispose();
        lock (_gate)
        {
            _open.ForEach(socket => socket.Dispose());
            _open.Clear();
        }
    }

    public void Dispose() => Cut();

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync();
                var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                lock (_gate)
                {
                    _open.AddRange([client, server]);
                }

                await server.ConnectAsync(_host, _port);
                _ = PumpAsync(client, server);
                _ = PumpAsync(server, client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0)
            {
                await to.SendAsync(buffer.AsMemory(0, count));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut, or left by one side.
        }
    }
}
