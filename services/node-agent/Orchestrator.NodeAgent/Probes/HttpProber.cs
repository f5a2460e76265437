using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Probes;

/// <summary>HTTP and gRPC on a container's own address. A new connection each time, as a client of it would make; redirects are answers.</summary>
internal sealed class HttpProber : IDisposable
{
    private const byte ServiceField = 0x0A;
    private const byte StatusField = 0x08;
    private const byte Serving = 1;
    private const int FrameHead = 5;

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero,
#pragma warning disable CA5359 // A container has no name that a certificate could be for; nothing secret is sent.
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<HttpStatusCode> GetAsync(string address, HttpProbeSpec probe, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(probe.Scheme, address, probe.Port) { Path = "" }.Uri.GetLeftPart(UriPartial.Authority) + probe.Path);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("orchestrator-probe", "1"));
        foreach (var (name, value) in probe.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return response.StatusCode;
    }

    /// <summary>The one call is small enough to be written out.</summary>
    public async Task<ProbeAnswer> CheckAsync(string address, GrpcProbeSpec probe, string name, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new UriBuilder("http", address, probe.Port, "/grpc.health.v1.Health/Check").Uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Question(probe.Service)) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        using var response = await _client.SendAsync(request, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        var status = response.TrailingHeaders.TryGetValues("grpc-status", out var trailing) || response.Headers.TryGetValues("grpc-status", out trailing) ? trailing.First() : "none";
        return status != "0" ? new ProbeAnswer(false, $"{name}: HTTP {(int)response.StatusCode}, grpc-status {status}")
            : body is [_, _, _, _, _, StatusField, Serving, ..] ? new ProbeAnswer(true, name)
            : new ProbeAnswer(false, $"{name}: not serving");
    }

    public void Dispose() => _client.Dispose();

    /// <summary>A text is written as protocol buffers have it: its length, seven bits in each byte, then UTF-8.</summary>
    private static byte[] Question(string service)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(new byte[FrameHead]);
        if (service.Length > 0)
        {
            writer.Write(ServiceField);
            writer.Write(service);
        }

        writer.Flush();
        var frame = stream.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - FrameHead);
        return frame;
    }
}
