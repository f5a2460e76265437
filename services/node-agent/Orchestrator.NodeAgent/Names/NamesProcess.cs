using System.Globalization;
using Orchestrator.NodeAgent.Network;

namespace Orchestrator.NodeAgent.Names;

/// <summary>Starts the process that answers names, and starts it again when it ended or is of an earlier version.</summary>
internal sealed class NamesProcess(string? folder, TimeProvider time)
{
    private static readonly string Program = typeof(NamesProcess).Assembly.Location;

    /// <summary>Where programs are published together, what this one needs stands in a file that is not named after it.</summary>
    private static readonly string? Dependencies = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string)?.Split(';').FirstOrDefault(File.Exists);
    private static readonly string Version = typeof(NamesProcess).Module.ModuleVersionId.ToString("N");
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public static string PidFile(string folder) => Path.Combine(folder, "names.pid");

    /// <returns>Whether names are answered.</returns>
    public async Task<bool> EnsureAsync(CancellationToken cancellation)
    {
        if (folder is null || Program.Length == 0)
        {
            return false;
        }

        var running = Running();
        if (running is { Version: var version } && version == Version)
        {
            return true;
        }

        File.Delete(PidFile(folder));
        string[] dependencies = Dependencies is null ? [] : ["--depsfile", Dependencies];
        await Tool.RunAsync(
            "sh",
            ["-c", "log=$1/names.log; shift; setsid dotnet exec \"$@\" >>\"$log\" 2>&1 </dev/null &", "sh", folder, .. dependencies, Program, "names", folder, Version],
            null,
            cancellation);
        await AnswersAsync(folder, $"the process that answers names does not start: see {folder}/names.log", time, cancellation);

        // The new one answers already.
        if (running is { Pid: var old })
        {
            await EndAsync(old, cancellation);
        }

        return true;
    }

    /// <summary>Returns when it has bound its port and written its file.</summary>
    /// <exception cref="NetworkException">With the failure given.</exception>
    public static async Task AnswersAsync(string folder, string failure, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (!File.Exists(PidFile(folder)))
        {
            if (time.GetElapsedTime(start) > StartLimit)
            {
                throw new NetworkException(failure);
            }

            await Task.Delay(Step, time, cancellation);
        }
    }

    public async Task StopAsync()
    {
        if (Running() is { Pid: var pid })
        {
            await EndAsync(pid, CancellationToken.None);
        }
    }

    /// <summary>The shell's own, since images may lack the program.</summary>
    private static Task EndAsync(string pid, CancellationToken cancellation) => Tool.TryAsync("sh", ["-c", "kill \"$1\"", "sh", pid], null, cancellation);

    private (string Pid, string Version)? Running()
    {
        try
        {
            var pid = int.Parse(File.ReadAllText(PidFile(folder!)), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

            // The number may be somebody else's by now.
            var words = File.ReadAllText($"/proc/{pid}/cmdline").Split('\0');
            return words is [.., "names", var itsFolder, var version, ""] && itsFolder == folder ? (pid, version) : null;
        }
        catch (Exception exception) when (exception is IOException or FormatException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
