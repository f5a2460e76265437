using System.Net.Sockets;

namespace Orchestrator.NodeAgent.Tests;

/// <summary>Stands between the agent and the engine, and can be cut.</summary>
internal sealed class EngineProxy : IDisposable
{
    private static readonly string EngineSocket =
        Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host ? new Uri(host).AbsolutePath : "/var/run/docker.sock";
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"orch-test-{Guid.NewGuid():N}.sock");
    private readonly List<Socket> _open = [];
    private readonly Lock _gate = new();
    private Socket? _listener;

    public string Endpoint => "unix://" + _path;

    public void Heal()
    {
        File.Delete(_path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_path));
        listener.Listen(64);
        _listener = listener;
        _ = Task.Run(async () =>
        {
            while (true)
            {
                var client = await listener.AcceptAsync();
                var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await engine.ConnectAsync(new UnixDomainSocketEndPoint(EngineSocket));
                lock (_gate)
                {
                    _open.AddRange([client, engine]);
                }

                _ = PumpAsync(client, engine);
                _ = PumpAsync(engine, client);
            }
        });
    }

    /// <summary>No connection is left, and no new one is made.</summary>
    public void Cut()
    {
        _listener?.Dispose();
        File.Delete(_path);
        lock (_gate)
        {
            _open.ForEach(socket => socket.Dispose());
            _open.Clear();
        }
    }

    public void Dispose() => Cut();

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
