using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>Asks a server all the time, on new connections and on kept ones, and counts what fails. <c>ask HOST PORT</c>, until its input ends</summary>
internal static class Asker
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);

    // Half of the drain limit: who keeps a connection longer must bear that it ends.
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        using var end = new CancellationTokenSource();
        var counts = AskAsync(options[0], int.Parse(options[1], CultureInfo.InvariantCulture), end.Token);
        await Console.In.ReadToEndAsync();
        await end.CancelAsync();
        Console.WriteLine(JsonSerializer.Serialize(await counts));
        return true;
    }

    /// <param name="host">Its address.</param>
    /// <param name="port">Its port.</param>
    /// <param name="end">Ends it.</param>
    /// <param name="perSecond">How often on new connections, and at most how often on kept ones.</param>
    public static async Task<Answers> AskAsync(string host, int port, CancellationToken end, int perSecond = 100)
    {
        var answers = new Answers();
        await Task.WhenAll(PaceAsync(perSecond, () => OnceAsync(host, port, answers), end), KeepAsync(host, port, perSecond, answers, end));
        return answers;
    }

    /// <summary>Not slowed down by slow answers.</summary>
    private static async Task PaceAsync(int perSecond, Func<Task> ask, CancellationToken end)
    {
        var watch = Stopwatch.StartNew();
        var open = new List<Task>();
        for (var sent = 0L; !end.IsCancellationRequested;)
        {
            for (; sent < watch.Elapsed.TotalSeconds * perSecond; sent++)
            {
                open.Add(ask());
            }

            open.RemoveAll(task => task.IsCompleted);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }

        await Task.WhenAll(open);
    }

    private static async Task OnceAsync(string host, int port, Answers answers)
    {
        var askedAt = TimeProvider.System.GetUtcNow();
        using var limit = new CancellationTokenSource(RequestLimit, TimeProvider.System);
        try
        {
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync(host, port, limit.Token);
            answers.Add(askedAt, await RequestAsync(client.GetStream(), limit.Token));
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
        {
            answers.Add(askedAt, "new: " + exception.Message);
        }
    }

    private static async Task KeepAsync(string host, int port, int perSecond, Answers answers, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var since = Stopwatch.StartNew();
            var askedAt = TimeProvider.System.GetUtcNow();
            try
            {
                using var client = new TcpClient { NoDelay = true };
                using var connecting = new CancellationTokenSource(RequestLimit, TimeProvider.System);
                await client.ConnectAsync(host, port, connecting.Token);
                while (since.Elapsed < KeptFor && !end.IsCancellationRequested)
                {
                    using var limit = new CancellationTokenSource(RequestLimit, TimeProvider.System);
                    askedAt = TimeProvider.System.GetUtcNow();
                    answers.Add(askedAt, await RequestAsync(client.GetStream(), limit.Token));
                    await Task.Delay(TimeSpan.FromMilliseconds(1000.0 / perSecond), TimeProvider.System, CancellationToken.None);
                }
            }
            catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
            {
                answers.Add(askedAt, "kept: " + exception.Message);
            }
        }
    }

    /// <returns>Null where the answer is good, else what is wrong.</returns>
    private static async Task<string?> RequestAsync(NetworkStream stream, CancellationToken cancellation)
    {
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: web\r\n\r\n"u8.ToArray(), cancellation);
        var buffer = new byte[1024];
        var length = 0;
        while (length == 0 || buffer[length - 1] != '\n' || Encoding.ASCII.GetString(buffer, 0, length).EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0)
            {
                return "the connection ended without an answer";
            }

            length += read;
        }

        var text = Encoding.ASCII.GetString(buffer, 0, length);
        return text.StartsWith("HTTP/1.1 200 OK\r\n", StringComparison.Ordinal) && text.Contains("\r\n\r\nrevision ", StringComparison.Ordinal) ? null : "a wrong answer";
    }
}
