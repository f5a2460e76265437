using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Posts;

/// <summary>The web server for posts: one for all networks of the node, apart from the one for health and metrics.</summary>
internal sealed class PostServer(PostListener listener, PostDesk desk, IServiceProvider services, ILoggerFactory loggers) : IHostedService, IHttpApplication<HttpContext>, IDisposable
{
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(5);
    private KestrelServer? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var options = new KestrelServerOptions { ApplicationServices = services, AddServerHeader = false };
        options.Limits.MaxRequestBodySize = HealthPosts.MaxBody;
        options.Limits.RequestHeadersTimeout = HeadersWithin;
        options.Listen(listener.EndPoint, listen => listen.Protocols = HttpProtocols.Http1);
        _server = new KestrelServer(Options.Create(options), listener, loggers);
        await _server.StartAsync(this, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public void Dispose() => _server?.Dispose();

    HttpContext IHttpApplication<HttpContext>.CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    Task IHttpApplication<HttpContext>.ProcessRequestAsync(HttpContext context) => desk.AnswerAsync(context);

    void IHttpApplication<HttpContext>.DisposeContext(HttpContext context, Exception? exception)
    {
        // It holds nothing of its own.
    }
}
