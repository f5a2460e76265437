using System.Globalization;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Gateway.Tests;

/// <summary>Answers in an API's place. All instances have one port, each an address of its own, as containers have.</summary>
public sealed class FakeApi : IAsyncDisposable
{
    private readonly Channel<int> _events = Channel.CreateUnbounded<int>();
    private readonly WebApplication _app;
    private int _posts;

    private FakeApi(string address, int port)
    {
        Address = address;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", $"http://{address}:{port}");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/healthz/live", () => Results.Ok());
        _app.MapGet("/api/v1/who", (HttpContext http) => $"{address} as {http.Request.Host}");
        _app.MapGet("/api/v1/events", StreamAsync);
        _app.MapPost("/api/v1/broken", (HttpContext http) =>
        {
            Interlocked.Increment(ref _posts);
            http.Abort();
        });
        _app.MapGet("/api/v1/nothing", () => Results.Problem("there is no such thing", statusCode: StatusCodes.Status404NotFound));
    }

    public string Address { get; }

    /// <summary>How often it was asked to take something.</summary>
    public int Posts => _posts;

    public static async Task<FakeApi> StartAsync(string address, int port)
    {
        var api = new FakeApi(address, port);
        await api._app.StartAsync();
        return api;
    }

    /// <summary>The next event of its one stream.</summary>
    public void Happens(int sequence) => _events.Writer.TryWrite(sequence);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task StreamAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync($": from {http.Request.Headers["Last-Event-ID"]}\n\n");
        await http.Response.Body.FlushAsync();
        await foreach (var sequence in _events.Reader.ReadAllAsync(http.RequestAborted))
        {
            await http.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"id: {sequence}\n\n"));
            await http.Response.Body.FlushAsync();
        }
    }
}
