using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Orchestrator.State;

namespace Orchestrator.Api.Events;

/// <summary>The history as Server-Sent Events. The id is the sequence number: a client that comes back with it misses nothing.</summary>
internal sealed class EventStream(IHistoryStore history, HistorySignal signal, IOptions<ApiOptions> options, TimeProvider time)
{
    private const int Page = 500;

    public async Task WriteAsync(HttpContext http, long? after, HistoryFilter filter, CancellationToken cancellation)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        var position = after ?? (filter.Since is null ? await history.LastSequenceAsync(cancellation) : 0);
        try
        {
            await http.Response.WriteAsync($": from {position.ToString(CultureInfo.InvariantCulture)}\n\n", cancellation);
            while (!cancellation.IsCancellationRequested)
            {
                var next = signal.Next;
                var events = await ReadAsync(position, filter, cancellation);
                foreach (var item in events)
                {
                    position = item.Sequence;
                    await http.Response.WriteAsync(Frame(item), cancellation);
                }

                await http.Response.Body.FlushAsync(cancellation);
                if (events.Count < Page)
                {
                    await WaitAsync(http, next, cancellation);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The client went away.
        }
    }

    /// <summary>While the store is away nothing can be told: the stream stays open and goes on where it was.</summary>
    private async Task<IReadOnlyList<HistoryEvent>> ReadAsync(long position, HistoryFilter filter, CancellationToken cancellation)
    {
        try
        {
            return await history.ReadAsync(position, filter, Page, cancellation);
        }
        catch (StoreUnavailableException)
        {
            return [];
        }
    }

    private async Task WaitAsync(HttpContext http, Task next, CancellationToken cancellation)
    {
        try
        {
            await next.WaitAsync(options.Value.StreamHeartbeat, time, cancellation);
        }
        catch (TimeoutException)
        {
            await http.Response.WriteAsync(":\n\n", cancellation);
        }
    }

    /// <summary>A line break would end a data field: each line gets its own.</summary>
    private static string Frame(HistoryEvent item) =>
        $"id: {item.Sequence.ToString(CultureInfo.InvariantCulture)}\nevent: {item.Type}\ndata: {item.Body.ReplaceLineEndings("\ndata: ")}\n\n";
}
