namespace Orchestrator.Testing;

/// <summary>Orchestrator as it is installed, one way or the other: a single node, or a cluster of separate processes.</summary>
public interface IInstallation : IAsyncDisposable
{
    string ClusterId { get; }

    Api Api { get; }

    /// <summary>Of all that runs of it.</summary>
    IReadOnlyList<int> ProcessIds { get; }

    /// <summary>The folder with the token, which the command line is told of.</summary>
    string State { get; }

    /// <summary>The command line, against this installation.</summary>
    Task<ShellResult> OrchAsync(params IEnumerable<string> arguments);

    /// <param name="folder">Where it is run.</param>
    /// <param name="arguments">What is written after <c>orch</c>.</param>
    Task<ShellResult> OrchInAsync(string folder, params IEnumerable<string> arguments);

    /// <summary>Kills every process of it at once.</summary>
    Task KillAsync();

    /// <summary>Stops it as an init system does.</summary>
    /// <returns>The exit code; of several processes the greatest.</returns>
    Task<int> StopAsync();

    /// <summary>Starts what does not run. Returns when it is ready and its nodes can take tasks.</summary>
    Task StartAgainAsync();

    /// <summary>The last lines it logged.</summary>
    string Log();
}
