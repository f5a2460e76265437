using System.Globalization;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Ports;

/// <summary>Which program of this machine has a port, as the kernel tells it.</summary>
internal static class PortHolder
{
    // Where in a line of /proc/net/tcp these stand.
    private const int LocalAddress = 1;
    private const int State = 3;
    private const int Inode = 9;
    private const string Listening = "0A";

    /// <returns>Its name and process; null where there is none, or the agent may not see it (in a container without the machine's processes).</returns>
    public static string? Find(int port, PortProtocol protocol)
    {
        var name = protocol == PortProtocol.Udp ? "udp" : "tcp";
        var sockets = Lines($"/proc/net/{name}").Concat(Lines($"/proc/net/{name}6"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > Inode && (protocol == PortProtocol.Udp || words[State] == Listening) && PortOf(words[LocalAddress]) == port)
            .Select(words => $"socket:[{words[Inode]}]").ToHashSet();
        return sockets.Count == 0 ? null : Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]))
            .Where(process => Opened(process).Any(sockets.Contains))
            .Select(process => $"{string.Concat(Lines(process + "/comm").Take(1))}, process {Path.GetFileName(process)}").FirstOrDefault();
    }

    private static int? PortOf(string address) =>
        int.TryParse(address[(address.LastIndexOf(':') + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var port) ? port : null;

    private static IReadOnlyList<string> Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IReadOnlyList<string> Opened(string process)
    {
        try
        {
            return [.. Directory.EnumerateFiles(process + "/fd").Select(file => new FileInfo(file).LinkTarget).OfType<string>()];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is somebody else's.
            return [];
        }
    }
}
