using System.Net.Sockets;
using System.Text;

namespace Orchestrator.NodeAgent.Tests;

/// <summary>Stands between the agent and the engine, and can be cut.</summary>
internal sealed class EngineProxy : IDisposable
{
    private static readonly string EngineSocket =
        Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host ? new Uri(host).AbsolutePath : "/var/run/docker.sock";
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"orch-test-{Guid.NewGuid():N}.sock");
    private readonly List<Socket> _open = [];
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? _listener;

    /// <summary>The first request that contains this is carried out by the engine; its answer, and all else, does not come back.</summary>
    public string? CutAfter { get; set; }

    /// <summary>The first request that contains this waits for <see cref="Release"/>.</summary>
    public string? Hold { get; set; }

    /// <summary>Done when a request waits.</summary>
    public Task Held => _held.Task;

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

                var isCut = false;
                _ = PumpAsync(client, engine, async coming =>
                {
                    isCut |= IsToBeCut(coming);
                    await HoldIfAskedAsync(coming);
                });
                _ = PumpAsync(engine, client, _ =>
                {
                    if (isCut)
                    {
                        Cut();
                    }

                    return Task.CompletedTask;
                });
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

    public void Release() => _released.TrySetResult();

    public void Dispose() => Cut();

    private async Task HoldIfAskedAsync(ReadOnlyMemory<byte> coming)
    {
        if (Hold is { } request && Encoding.UTF8.GetString(coming.Span).Contains(request, StringComparison.Ordinal))
        {
            Hold = null;
            _held.SetResult();
            await _released.Task;
        }
    }

    private bool IsToBeCut(ReadOnlyMemory<byte> coming)
    {
        if (CutAfter is not { } request || !Encoding.UTF8.GetString(coming.Span).Contains(request, StringComparison.Ordinal))
        {
            return false;
        }

        CutAfter = null;
        return true;
    }

    private static async Task PumpAsync(Socket from, Socket to, Func<ReadOnlyMemory<byte>, Task> comingAsync)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0)
            {
                await comingAsync(buffer.AsMemory(0, count));
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
