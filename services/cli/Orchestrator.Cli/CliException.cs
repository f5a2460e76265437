namespace Orchestrator.Cli;

/// <summary>Ends the run with a code and one line for people.</summary>
internal sealed class CliException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
