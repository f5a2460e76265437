using System.Net;

namespace Orchestrator.NodeAgent.Names;

/// <summary>Whom the machine asks for names.</summary>
internal static class Upstreams
{
    private const string File = "/etc/resolv.conf";

    public static IReadOnlyList<IPEndPoint> Read()
    {
        try
        {
            return
            [
                .. System.IO.File.ReadLines(File).Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                    .Where(words => words is ["nameserver", _, ..])
                    .Select(words => IPAddress.TryParse(words[1], out var address) ? address : null).OfType<IPAddress>()
                    .Select(address => new IPEndPoint(address, NameServer.Port)),
            ];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
