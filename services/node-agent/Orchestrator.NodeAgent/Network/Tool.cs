using System.Diagnostics;

namespace Orchestrator.NodeAgent.Network;

/// <summary>Runs the programs that configure the machine's network.</summary>
internal static class Tool
{
    private static readonly string[] Folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"];

    public static bool IsThere(string program) => Folders.Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));

    /// <returns>The exit code, and what it printed on either stream.</returns>
    public static async Task<(int Code, string Output, string Error)> TryAsync(string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellation)
    {
        var path = Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) ?? program;
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(path, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false },
        };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return (-1, "", $"{program}: {exception.Message}");
        }

        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading: its exit code says why.
        }

        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output, await error);
    }

    /// <exception cref="NetworkException">It failed.</exception>
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellation)
    {
        var (code, output, error) = await TryAsync(program, arguments, input, cancellation);
        return code == 0 ? output : throw new NetworkException($"{program} {string.Join(' ', arguments)}: {(error.Length > 0 ? error : output).Trim().ReplaceLineEndings(" ")}");
    }
}
