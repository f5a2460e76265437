using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Testing;

/// <summary>The single node as a process with a state folder of its own; its containers go when it is disposed.</summary>
public sealed class SingleNode : IInstallation
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(180);
    private readonly string? _bus;
    private readonly IReadOnlyDictionary<string, string> _options;
    private readonly List<string> _log = [];
    private Process? _process;

    private SingleNode(string? bus, IReadOnlyDictionary<string, string> options, string? state)
    {
        _bus = bus;
        _options = options;
        State = state ?? Directory.CreateTempSubdirectory("orch-test-node-").FullName;
        Port = FreePort();
        Api = new Api(Port, Path.Combine(State, "token"));
    }

    /// <summary>What this machine lacks for one, as a skip names it; null when it lacks nothing.</summary>
    public static string? Missing => Engine.IsThere ? null : Engine.Missing;

    public string State { get; }

    public IReadOnlyList<int> ProcessIds => [_process!.Id];

    public int Port { get; }

    public Api Api { get; }

    public string ClusterId => File.ReadAllText(Path.Combine(State, "cluster-id")).Trim();

    /// <param name="bus">The broker's address; null: in memory.</param>
    /// <param name="options">Options by their variables: <c>Api__LogsTimeout</c>.</param>
    /// <param name="state">Its state folder; null: a new one.</param>
    public static async Task<SingleNode> StartAsync(string? bus = null, IReadOnlyDictionary<string, string>? options = null, string? state = null)
    {
        var node = new SingleNode(bus, options ?? new Dictionary<string, string>(), state);
        await node.StartAgainAsync();
        return node;
    }

    /// <summary>Returns when it is ready and its node can take tasks. One that runs is left alone.</summary>
    public async Task StartAgainAsync()
    {
        if (_process is { HasExited: false })
        {
            return;
        }

        var start = new ProcessStartInfo(
            "dotnet",
            [Repository.Program("Orchestrator.SingleNode", "Orchestrator.SingleNode"), "--state", State, "--port", Port.ToString(System.Globalization.CultureInfo.InvariantCulture), .. _bus is null ? [] : new[] { "--bus", _bus }])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _options)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Until.IsAsync(
            () => _process.HasExited ? throw new InvalidOperationException("the node ended: " + Log()) : Api.IsReadyAsync(),
            ready => ready,
            "the node is ready",
            StartLimit);
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>As an init system stops it.</summary>
    public async Task<int> StopAsync()
    {
        (await Shell.RunAsync("kill", [_process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])).OutputOrThrow();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>The command line, against this node.</summary>
    public Task<ShellResult> OrchAsync(params IEnumerable<string> arguments) => OrchInAsync(State, arguments);

    /// <param name="folder">Where it is run.</param>
    /// <param name="arguments">What is written after <c>orch</c>.</param>
    public Task<ShellResult> OrchInAsync(string folder, params IEnumerable<string> arguments) => Shell.RunAsync(
        "dotnet",
        [Repository.Program("Orchestrator.Cli", "orch"), .. arguments],
        new Dictionary<string, string> { ["ORCH_STATE"] = State, ["ORCH_PORT"] = Port.ToString(System.Globalization.CultureInfo.InvariantCulture), ["ORCH_API"] = Api.Address.ToString(), ["NO_COLOR"] = "1" },
        folder);

    public string Log()
    {
        lock (_log)
        {
            return string.Join('\n', _log.TakeLast(30));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await StopAsync();
        }

        _process?.Dispose();
        Api.Dispose();
        await Engine.RemoveAllAsync(ClusterId);
        Directory.Delete(State, recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <returns>The first of so many ports that are free, one after another.</returns>
    public static int FreePorts(int count)
    {
        while (true)
        {
            var first = FreePort();
            if (first + count <= IPEndPoint.MaxPort && Enumerable.Range(first, count).All(IsFree))
            {
                return first;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_log)
            {
                _log.Add(line);
            }
        }
    }
}
