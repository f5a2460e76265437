using System.Globalization;

namespace Orchestrator.Benchmarks;

/// <summary>What a process has used, from /proc.</summary>
internal static class ProcessUse
{
    private const double TicksPerSecond = 100;

    /// <summary>User and system time so far, all threads, those that ended too.</summary>
    public static double CpuSeconds(int processId)
    {
        // The name in brackets may hold spaces.
        var fields = File.ReadAllText($"/proc/{processId}/stat").Split(") ")[^1].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    public static long ResidentBytes(int processId) =>
        1024 * long.Parse(
            File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture);
}
