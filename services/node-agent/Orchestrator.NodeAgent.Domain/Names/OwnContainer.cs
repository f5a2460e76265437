using System.Text.RegularExpressions;

namespace Orchestrator.NodeAgent.Domain.Names;

/// <summary>Which container a program runs in. Its host name does not tell where it has the host's network.</summary>
public static partial class OwnContainer
{
    /// <param name="mounts">The program's own, as the kernel tells them: <c>/proc/self/mountinfo</c>.</param>
    /// <returns>The container's id; null: it runs in none of Docker Engine's.</returns>
    public static string? IdIn(IEnumerable<string> mounts) => mounts.Select(mount => EnginesFile().Match(mount)).FirstOrDefault(match => match.Success)?.Groups[1].Value;

    /// <summary>Files that the engine makes for each container, and mounts into it from a folder with the container's id.</summary>
    [GeneratedRegex(@"/containers/([0-9a-f]{64})/[a-z.]+ /etc/(?:hostname|hosts|resolv\.conf) ")]
    private static partial Regex EnginesFile();
}
