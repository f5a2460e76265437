using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Ports;

/// <summary>Which program of this machine has a port, as the kernel tells it.</summary>
internal static class PortHolder
{
    /// <returns>Its name and process; null where there is none, or the agent may not see it (in a container without the machine's processes).</returns>
    public static string? Find(int port, PortProtocol protocol)
    {
        var sockets = ListeningSockets.Read().Where(socket => socket.Port == port && socket.Protocol == protocol).Select(socket => socket.Inode).ToHashSet();
        return sockets.Count == 0 ? null : Of(sockets).Values.Select(program => program.ToString()).FirstOrDefault();
    }

    /// <summary>Looks through all processes: to be asked for many sockets at once, and only for those that are not known yet.</summary>
    /// <returns>By inode. What the agent may not see is missing.</returns>
    public static IReadOnlyDictionary<string, HoldingProgram> Of(IReadOnlySet<string> inodes)
    {
        var found = new Dictionary<string, HoldingProgram>();
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            foreach (var inode in Opened(process).Where(inodes.Contains))
            {
                found.TryAdd(inode, new HoldingProgram(NameOf(process), Path.GetFileName(process)));
            }

            if (found.Count == inodes.Count)
            {
                break;
            }
        }

        return found;
    }

    private static string NameOf(string process)
    {
        try
        {
            return File.ReadAllText(process + "/comm").Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "a program";
        }
    }

    /// <returns>The inodes of its sockets.</returns>
    private static IReadOnlyList<string> Opened(string process)
    {
        const string Socket = "socket:[";
        try
        {
            return [.. Directory.EnumerateFiles(process + "/fd").Select(file => new FileInfo(file).LinkTarget).OfType<string>()
                .Where(target => target.StartsWith(Socket, StringComparison.Ordinal)).Select(target => target[Socket.Length..^1])];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is somebody else's.
            return [];
        }
    }
}
