using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Probes;

namespace Orchestrator.NodeAgent.Tests;

/// <summary>The probe's question against a server that answers as the health protocol of gRPC says.</summary>
public sealed class GrpcProbeTests : IAsyncLifetime
{
    private const byte Serving = 1;
    private const byte NotServing = 2;
    private static readonly string LongName = new('s', 200);
    private readonly WebApplication _server = Server();
    private readonly HttpProber _prober = new();
    private int _port;

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync();
        _port = new Uri(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }

    public async ValueTask DisposeAsync()
    {
        _prober.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task AServerThatServes_IsGood_ForAllAndByNamesOfAnyLength()
    {
        Assert.True((await AskAsync("")).Good);
        Assert.True((await AskAsync("shop.Orders")).Good);
        Assert.True((await AskAsync(LongName)).Good);
    }

    [Fact]
    public async Task OneThatDoesNotServe_AndOneThatIsNotKnown_AreTold()
    {
        var (down, unknown) = (await AskAsync("down"), await AskAsync("nobody"));
        Assert.Equal((false, "grpc: not serving"), (down.Good, down.Text));
        Assert.Equal((false, "grpc: HTTP 200, grpc-status 5"), (unknown.Good, unknown.Text));
    }

    private Task<ProbeAnswer> AskAsync(string service) =>
        _prober.CheckAsync("127.0.0.1", new GrpcProbeSpec { Port = _port, Service = service }, "grpc", TestContext.Current.CancellationToken);

    private static WebApplication Server()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var server = builder.Build();
        server.MapPost("/grpc.health.v1.Health/Check", AnswerAsync);
        return server;
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var service = NameIn(body.ToArray());
        http.Response.ContentType = "application/grpc";
        byte? status = service == "down" ? NotServing : service is "" or "shop.Orders" || service == LongName ? Serving : null;
        if (status is { } known)
        {
            await http.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 2, 0x08, known });
        }

        http.Response.AppendTrailer("grpc-status", status is null ? "5" : "0");
    }

    /// <summary>Read as any protocol buffers library reads it: a frame's length in four bytes, then a field's length seven bits at a time.</summary>
    private static string NameIn(byte[] frame)
    {
        Assert.Equal(frame.Length - 5, (frame[1] << 24) | (frame[2] << 16) | (frame[3] << 8) | frame[4]);
        if (frame.Length == 5)
        {
            return "";
        }

        Assert.Equal(0x0A, frame[5]);
        var (length, at) = (0, 6);
        for (var shift = 0; ; shift += 7)
        {
            length |= (frame[at] & 0x7F) << shift;
            if ((frame[at++] & 0x80) == 0)
            {
                break;
            }
        }

        return Encoding.UTF8.GetString(frame, at, length);
    }
}
