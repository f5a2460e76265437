using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>Asks for names as fast as they are answered, some questions at a time. <c>ask-names</c></summary>
internal static class NameAsker
{
    private const int AtOnce = 8;
    private static readonly TimeSpan For = TimeSpan.FromSeconds(3);

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var threads = Enumerable.Range(0, AtOnce).Select(_ => Task.Factory.StartNew(Ask, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        var times = (await Task.WhenAll(threads)).SelectMany(list => list).ToList();
        Console.WriteLine(JsonSerializer.Serialize(new { answers = times.Count, p99 = Statistics.Percentile(times, 0.99) }));
        return true;
    }

    private static List<double> Ask()
    {
        byte[] question = [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, .. Encoding.ASCII.GetBytes("web7"), 4, .. Encoding.ASCII.GetBytes("app0"), 0, 0, 1, 0, 1];
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 1000 };
        socket.Bind(new IPEndPoint(IPAddress.Parse("10.128.0.2"), 0));
        socket.Connect(IPAddress.Parse("10.128.0.1"), 53);
        var buffer = new byte[1024];
        var times = new List<double>();
        for (var all = Stopwatch.StartNew(); all.Elapsed < For;)
        {
            var one = Stopwatch.GetTimestamp();
            socket.Send(question);
            if (socket.Receive(buffer) < question.Length + 16)
            {
                throw new InvalidOperationException("no address in the answer");
            }

            times.Add(Stopwatch.GetElapsedTime(one).TotalMilliseconds);
        }

        return times;
    }
}
