using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.NodeAgent.Docker;

namespace Orchestrator.NodeAgent.Posts;

/// <summary>
/// One listener for the web server, many sockets: one for each network of the engine that has containers of ours, added as they
/// come. Only containers get so far: a socket is bound to its bridge.
/// </summary>
internal sealed class PostListener : IConnectionListenerFactory, IConnectionListener
{
    private const int SolSocket = 1;
    private const int BindToDevice = 25;
    private const int FreeBind = 15;
    private const int MaxConnections = 8;
    private readonly ConcurrentDictionary<IPAddress, (string Device, CancellationTokenSource End)> _bridges = new();
    private readonly ConcurrentDictionary<IPAddress, int> _open = new();
    private readonly Channel<ConnectionContext> _accepted = Channel.CreateBounded<ConnectionContext>(1);
    private readonly SocketTransportFactory _sockets;
    private readonly int _port;
    private readonly TimeSpan _retry;
    private readonly TimeProvider _time;
    private readonly ILogger<PostListener> _logger;

    public PostListener(IOptions<NodeAgentOptions> options, TimeProvider time, ILoggerFactory loggers)
    {
        (_port, _retry, _time, _logger) = (options.Value.PostPort, options.Value.PortRetryInterval, time, loggers.CreateLogger<PostListener>());
        _sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions { IOQueueCount = 0, CreateBoundListenSocket = Bound }), loggers);
    }

    public EndPoint EndPoint { get; } = new IPEndPoint(IPAddress.None, 0);

    /// <returns>Where containers of that network post to; null where it is turned off.</returns>
    public string? Open(EngineNetwork network)
    {
        if (_port == 0 || !IPAddress.TryParse(network.Gateway, out var address))
        {
            return null;
        }

        // A network that was made again has another bridge.
        if (!_bridges.TryGetValue(address, out var known) || known.Device != network.Device)
        {
            Close(address);
            var end = new CancellationTokenSource();
            if (_bridges.TryAdd(address, (network.Device, end)))
            {
                _ = ListenAsync(new BridgeEndPoint(address, _port, network.Device), end.Token);
            }
        }

        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"http://{address}:{_port}/health");
    }

    /// <summary>The network is gone.</summary>
    public void Close(EngineNetwork network)
    {
        if (IPAddress.TryParse(network.Gateway, out var address) && _bridges.TryGetValue(address, out var bridge) && bridge.Device == network.Device
            && _bridges.TryRemove(KeyValuePair.Create(address, bridge)))
        {
            bridge.End.Cancel();
        }
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _accepted.Reader.WaitToReadAsync(cancellationToken) && _accepted.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        foreach (var address in _bridges.Keys)
        {
            Close(address);
        }

        _accepted.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    private void Close(IPAddress address)
    {
        if (_bridges.TryRemove(address, out var bridge))
        {
            bridge.End.Cancel();
        }
    }

    private async Task ListenAsync(BridgeEndPoint bridge, CancellationToken end)
    {
        var told = false;
        while (!end.IsCancellationRequested)
        {
            try
            {
                await using var listener = await _sockets.BindAsync(bridge, end);
                while (await listener.AcceptAsync(end) is { } connection)
                {
                    await PassOnAsync(connection, end);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
            {
                return;
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                if (!told)
                {
                    Log.PostsNotTaken(_logger, bridge.ToString(), exception.Message);
                }

                told = true;
                await Task.Delay(_retry, _time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One container alone cannot take all there are.</summary>
    private async Task PassOnAsync(ConnectionContext connection, CancellationToken end)
    {
        var from = ((IPEndPoint)connection.RemoteEndPoint!).Address;
        if (_open.AddOrUpdate(from, 1, (_, open) => open + 1) > MaxConnections || end.IsCancellationRequested)
        {
            Closed(from);
            await connection.DisposeAsync();
            return;
        }

        connection.ConnectionClosed.Register(() => Closed(from));
        await _accepted.Writer.WriteAsync(connection, CancellationToken.None);
    }

    private void Closed(IPAddress from)
    {
        if (_open.AddOrUpdate(from, 0, (_, open) => open - 1) == 0)
        {
            _open.TryRemove(KeyValuePair.Create(from, 0));
        }
    }

    private static Socket Bound(EndPoint endpoint)
    {
        var bridge = (BridgeEndPoint)endpoint;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Span<byte> yes = [1, 0, 0, 0];
            socket.SetRawSocketOption(SolSocket, BindToDevice, Encoding.ASCII.GetBytes(bridge.Device + '\0'));

            // The bridge may not have its address yet.
            socket.SetRawSocketOption((int)ProtocolType.IP, FreeBind, yes);
            socket.Bind(bridge);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
