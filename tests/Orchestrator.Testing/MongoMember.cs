using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Testing;

/// <summary>A MongoDB server started to be a replica set's member, which nobody has initiated. From mongod on the PATH, or its image where Docker has it.</summary>
public sealed class MongoMember : IAsyncDisposable
{
    public const string Missing = "no mongod to start";
    private const string Image = "mongo:8.0";
    private const string Set = "orch-test";
    private readonly Process? _process;
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("orch-test-mongo-");
    private readonly string? _container;
    private readonly int _port;

    private MongoMember(int port, Process? process, string? container) => (_port, _process, _container) = (port, process, container);

    public string Host => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    public string Uri => $"mongodb://{Host}/state?replicaSet={Set}";

    /// <returns>Null when there is neither.</returns>
    public static async Task<MongoMember?> TryStartAsync()
    {
        var port = FreePort();
        string[] options = ["--replSet", Set, "--port", port.ToString(CultureInfo.InvariantCulture), "--bind_ip", "127.0.0.1"];
        if (await AnswersAsync("mongod", "--version"))
        {
            var member = new MongoMember(port, new Process(), container: null);
            member._process!.StartInfo = new ProcessStartInfo("mongod", [.. options, "--dbpath", member._data.FullName, "--logpath", Path.Combine(member._data.FullName, "log")]);
            member._process.Start();
            return member;
        }

        return await AnswersAsync("docker", "image", "inspect", Image)
            ? new MongoMember(port, process: null, await Engine.RunAsync(["run", "-d", "--network", "host", Image, .. options]))
            : null;
    }

    public async ValueTask DisposeAsync()
    {
        _process?.Kill();
        _process?.Dispose();
        if (_container is not null)
        {
            await Engine.RunAsync("rm", "-f", "-v", _container);
        }

        _data.Delete(recursive: true);
    }

    private static async Task<bool> AnswersAsync(string program, params string[] arguments)
    {
        try
        {
            return (await Shell.RunAsync(program, arguments)).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
