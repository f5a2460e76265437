using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Testing;

/// <summary>
/// Stands before a server, or the first of several that takes a connection, and can be cut: then no connection is left, and none is made, until it is
/// healed. It can also hold what is sent, both ways, and let it go later.
/// </summary>
public sealed class TcpProxy : IDisposable
{
    private readonly IPAddress _address;
    private readonly string _host;
    private readonly IReadOnlyList<int> _ports;
    private readonly List<Socket> _open = [];
    private readonly Lock _gate = new();
    private Socket? _listener;
    private TaskCompletionSource? _held;

    public TcpProxy(string host, params IReadOnlyList<int> ports)
        : this(IPAddress.Loopback, host, ports)
    {
    }

    /// <param name="address">Where it takes connections.</param>
    /// <param name="host">Of the servers.</param>
    /// <param name="ports">Theirs.</param>
    public TcpProxy(IPAddress address, string host, params IReadOnlyList<int> ports)
    {
        (_address, _host, _ports) = (address, host, ports);
        Heal();
    }

    /// <summary>Of the proxy; stays the same.</summary>
    public int Port { get; private set; }

    public void Heal()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(_address, Port));
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

    public void Hold() => Volatile.Write(ref _held, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void LetGo() => Interlocked.Exchange(ref _held, null)?.TrySetResult();

    public void Dispose()
    {
        LetGo();
        Cut();
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        foreach (var port in _ports)
        {
            if (await ServeAsync(client, port))
            {
                break;
            }
        }

        client.Dispose();
    }

    /// <returns>False when there is no server now.</returns>
    private async Task<bool> ServeAsync(Socket client, int port)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        lock (_gate)
        {
            _open.AddRange([client, server]);
        }

        try
        {
            await server.ConnectAsync(_host, port);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }

        try
        {
            await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut, or broken off by one side.
        }

        return true;
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0)
            {
                await (Volatile.Read(ref _held)?.Task ?? Task.CompletedTask);
                await to.SendAsync(buffer.AsMemory(0, count));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other way ends too.
            from.Dispose();
            to.Dispose();
        }
    }
}
