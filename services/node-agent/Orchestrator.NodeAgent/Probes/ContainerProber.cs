using System.Globalization;
using System.Net.Sockets;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Docker;
using Orchestrator.NodeAgent.Tasks;

namespace Orchestrator.NodeAgent.Probes;

/// <summary>Asks a container one question. Whatever goes wrong is a bad answer.</summary>
internal sealed class ContainerProber(IContainerRuntime runtime, TimeProvider time) : IDisposable
{
    private readonly HttpProber _http = new();

    public async Task<ProbeAnswer> AskAsync(TaskEntry entry, ProbeSpec probe, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(probe.TimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var name = NameOf(probe);
        try
        {
            if (entry.Container is not { } container)
            {
                return new ProbeAnswer(false, $"{name}: there is no container");
            }

            return probe switch
            {
                { Exec: { } exec } => Of(name, await runtime.ExecAsync(container.Id, exec.Command, either.Token)),
                _ when container.Address is null => new ProbeAnswer(false, $"{name}: the container has no address"),
                { Http: { } http } => Of(name, await _http.GetAsync(container.Address, http, either.Token)),
                { Grpc: { } grpc } => await _http.CheckAsync(container.Address, grpc, name, either.Token),
                { Tcp: { } tcp } => await ConnectAsync(container.Address, tcp.Port, name, either.Token),
                _ => new ProbeAnswer(true, name),
            };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ProbeAnswer(false, string.Create(CultureInfo.InvariantCulture, $"{name}: no answer within {probe.TimeoutSeconds:0.###} s"));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or InvalidOperationException or TimeoutException or global::Docker.DotNet.DockerApiException)
        {
            return new ProbeAnswer(false, $"{name}: {(exception.InnerException as SocketException ?? exception).Message.ReplaceLineEndings(" ")}");
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<ProbeAnswer> ConnectAsync(string address, int port, string name, CancellationToken cancellation)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address, port, cancellation);
        return new ProbeAnswer(true, name);
    }

    private static ProbeAnswer Of(string name, System.Net.HttpStatusCode status) =>
        new((int)status is >= 200 and < 400, string.Create(CultureInfo.InvariantCulture, $"{name}: {(int)status}"));

    private static ProbeAnswer Of(string name, long exitCode) =>
        new(exitCode == 0, string.Create(CultureInfo.InvariantCulture, $"{name}: exit code {exitCode}"));

    private static string NameOf(ProbeSpec probe) => probe switch
    {
        { Http: { } http } => string.Create(CultureInfo.InvariantCulture, $"GET {http.Scheme}://:{http.Port}{http.Path}"),
        { Tcp: { } tcp } => string.Create(CultureInfo.InvariantCulture, $"tcp :{tcp.Port}"),
        { Grpc: { } grpc } => string.Create(CultureInfo.InvariantCulture, $"grpc :{grpc.Port}{(grpc.Service.Length > 0 ? " " + grpc.Service : "")}"),
        { Exec: { } exec } => "exec " + string.Join(' ', exec.Command),
        _ => "nothing",
    };
}
