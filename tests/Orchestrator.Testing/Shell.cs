using System.Diagnostics;

namespace Orchestrator.Testing;

/// <summary>Runs a program to its end.</summary>
public static class Shell
{
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(3);

    /// <param name="program">On the PATH, or where it is.</param>
    /// <param name="arguments">One each; nothing is quoted.</param>
    /// <param name="environment">What is different from this process's.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="limit">Default: 3 minutes.</param>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public static async Task<ShellResult> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null, TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var most = limit ?? DefaultLimit;
        using var ends = new CancellationTokenSource(most, TimeProvider.System);
        var output = process.StandardOutput.ReadToEndAsync(ends.Token);
        var error = process.StandardError.ReadToEndAsync(ends.Token);
        try
        {
            await process.WaitForExitAsync(ends.Token);
            return new ShellResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {most}");
        }
    }
}
