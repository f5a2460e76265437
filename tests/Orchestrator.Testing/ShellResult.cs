namespace Orchestrator.Testing;

public sealed record ShellResult(int ExitCode, string Output, string Error)
{
    /// <exception cref="InvalidOperationException">The program failed.</exception>
    public string OutputOrThrow() => ExitCode == 0 ? Output : throw new InvalidOperationException($"exit code {ExitCode}: {Error}{Output}");
}
