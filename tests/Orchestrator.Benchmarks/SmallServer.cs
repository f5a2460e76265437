using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Orchestrator.Benchmarks;

/// <summary>
/// The server under test: HTTP with keep-alive, one page with its revision. <c>serve PORT [slow] [stubborn]</c>: one that takes its time to
/// start, and one that does not end when it is asked to.
/// </summary>
internal static class SmallServer
{
    /// <summary>What a container needs of this machine to run it: images have no runtime.</summary>
    public static readonly IReadOnlyList<string> Folders = ["/usr", "/lib", "/lib64", Path.GetDirectoryName(typeof(SmallServer).Assembly.Location)!];

    /// <summary>Of the runtime.</summary>
    public static IReadOnlyList<string> Arguments(int port, string manner = "") => [typeof(SmallServer).Assembly.Location, "serve", port.ToString(CultureInfo.InvariantCulture), manner];

    /// <summary>As <c>NAME=VALUE</c>.</summary>
    public static IReadOnlyList<string> Variables(int revision) => [string.Create(CultureInfo.InvariantCulture, $"REVISION={revision}"), "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1", "DOTNET_TieredPGO=0"];

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        // Nobody ends the first process of a container that does not ask for the signal.
        var stubborn = options.Contains("stubborn");
        using var asked = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            if (!stubborn)
            {
                Environment.Exit(0);
            }
        });
        if (options.Contains("slow"))
        {
            await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        }

        var revision = Environment.GetEnvironmentVariable("REVISION");
        byte[] Page(string header) => Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {9 + revision!.Length + 1}\r\n{header}\r\nrevision {revision}\n");
        var (page, last) = (Page(""), Page("Connection: close\r\n"));
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, int.Parse(options[0], CultureInfo.InvariantCulture)));
        listener.Listen(512);
        while (true)
        {
            var client = await listener.AcceptAsync();
            _ = ServeAsync(client, page, last);
        }
    }

    private static async Task ServeAsync(Socket client, byte[] page, byte[] last)
    {
        using (client)
        {
            client.NoDelay = true;
            var buffer = new byte[4096];
            var length = 0;
            try
            {
                while (await client.ReceiveAsync(buffer.AsMemory(length)) is > 0 and var read)
                {
                    length += read;
                    if (buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) >= 0)
                    {
                        if (buffer.AsSpan(0, length).IndexOf("Connection: close"u8) >= 0)
                        {
                            await client.SendAsync(last);
                            return;
                        }

                        length = 0;
                        await client.SendAsync(page);
                    }
                }
            }
            catch (SocketException)
            {
                // The client left.
            }
        }
    }
}
