using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>Takes traces over OTLP (http/protobuf) and keeps their spans.</summary>
internal sealed class TraceSink : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<Span> _spans = new();
    private readonly Task _loop;

    public TraceSink()
    {
        var address = $"http://127.0.0.1:{SingleNode.FreePort()}";
        _listener.Prefixes.Add(address + "/");
        _listener.Start();
        Options = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",

            // What is not taken in time is not sent again.
            ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "60000",

            // On a busy machine a sweep comes before the message, and what a sweep finds is nobody's request.
            ["Scheduler__SweepAge"] = "00:01:00",
        };
        _loop = ReceiveAsync();
    }

    /// <summary>What makes a process send its traces here.</summary>
    public IReadOnlyDictionary<string, string> Options { get; }

    public IReadOnlyList<Span> Spans => [.. _spans];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _loop;
        _listener.Close();
    }

    private async Task ReceiveAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            await TakeAsync(context);
        }
    }

    /// <summary>Who breaks off in the middle sends again: the next one is served all the same.</summary>
    private async Task TakeAsync(HttpListenerContext context)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            foreach (var span in Read(body.ToArray()))
            {
                _spans.Enqueue(span);
            }

            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
        catch (Exception exception) when (exception is HttpListenerException or IOException)
        {
            context.Response.Abort();
        }
    }

    /// <summary>ExportTraceServiceRequest: resource_spans(1) { resource(1) { attributes(1) }, scope_spans(2) { spans(2) } }.</summary>
    private static IEnumerable<Span> Read(byte[] request)
    {
        foreach (var resourceSpans in Fields(request, 1))
        {
            var service = Fields(resourceSpans, 1).SelectMany(resource => Fields(resource, 1))
                .Where(attribute => Text(attribute, 1) == "service.name")
                .Select(attribute => Text(Fields(attribute, 2).Single(), 1)).Single();
            foreach (var span in Fields(resourceSpans, 2).SelectMany(scope => Fields(scope, 2)))
            {
                yield return new Span(service, Id(span, 1), Id(span, 2), Id(span, 4), Text(span, 5));
            }
        }
    }

    private static string Id(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).FirstOrDefault() ?? []);

    private static string Text(byte[] message, int field) => Encoding.UTF8.GetString(Fields(message, field).FirstOrDefault() ?? []);

    /// <returns>The values of a field that have a length: bytes, text and messages.</returns>
    private static List<byte[]> Fields(byte[] message, int wanted)
    {
        var found = new List<byte[]>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            switch (key & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += sizeof(ulong);
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    if (key >> 3 == (ulong)wanted)
                    {
                        found.Add(message[at..(at + length)]);
                    }

                    at += length;
                    break;
                case 5:
                    at += sizeof(uint);
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7}");
            }
        }

        return found;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    /// <param name="Service">The process it comes from.</param>
    /// <param name="Trace">Hexadecimal, as all ids.</param>
    /// <param name="Id">Its own.</param>
    /// <param name="Parent">Empty: it has none.</param>
    /// <param name="Name">What was done.</param>
    internal sealed record Span(string Service, string Trace, string Id, string Parent, string Name);
}
