using System.Globalization;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Tasks;

/// <summary>What a container's end means for its task.</summary>
public static class ContainerEnd
{
    private const int SignalBase = 128;

    private static readonly Dictionary<int, string> Signals = new()
    {
        [1] = "SIGHUP", [2] = "SIGINT", [3] = "SIGQUIT", [4] = "SIGILL", [6] = "SIGABRT", [7] = "SIGBUS", [8] = "SIGFPE",
        [9] = "SIGKILL", [11] = "SIGSEGV", [13] = "SIGPIPE", [15] = "SIGTERM",
    };

    /// <param name="exitCode">The exit code.</param>
    /// <param name="outOfMemory">The kernel killed it for memory, or a process of it that it may have outlived.</param>
    /// <param name="toldToStop">An instruction wanted it stopped.</param>
    public static (TaskState State, string? Message) Meaning(int exitCode, bool outOfMemory, bool toldToStop)
    {
        if (toldToStop)
        {
            return (TaskState.Stopped, null);
        }

        if (outOfMemory && exitCode != 0)
        {
            return (TaskState.Failed, $"out of memory: the kernel killed it (exit code {exitCode}); raise its memory limit");
        }

        return exitCode == 0 ? (TaskState.Completed, "exited with code 0") : (TaskState.Failed, Describe(exitCode));
    }

    private static string Describe(int exitCode) => Signals.TryGetValue(exitCode - SignalBase, out var signal)
        ? string.Create(CultureInfo.InvariantCulture, $"exited with code {exitCode} ({signal})")
        : string.Create(CultureInfo.InvariantCulture, $"exited with code {exitCode}");
}
