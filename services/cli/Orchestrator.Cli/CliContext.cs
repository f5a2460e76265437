using Spectre.Console;

namespace Orchestrator.Cli;

/// <summary>What a run of the program has around it.</summary>
internal sealed class CliContext(TextWriter output, TextWriter error, Func<string, string?> environment, bool isTerminal)
{
    private const string DefaultPort = "7080";

    public TextWriter Out { get; } = output;

    public TextWriter Error { get; } = error;

    /// <summary>A person looks at it: tables, colours, progress that moves.</summary>
    public bool IsTerminal { get; } = isTerminal;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>As it is set: it may be empty.</summary>
    public string? Variable(string name) => environment(name);

    /// <summary>An empty setting is none.</summary>
    public string? Environment(string name) => environment(name) is { Length: > 0 } value ? value : null;

    public Uri Api => Uri.TryCreate(Environment("ORCH_API") ?? $"http://127.0.0.1:{Environment("ORCH_PORT") ?? DefaultPort}", UriKind.Absolute, out var uri)
        ? uri
        : throw new CliException(ExitCodes.Usage, $"ORCH_API '{Environment("ORCH_API")}' is no address; write http://127.0.0.1:7080");

    public string StateFolder => Environment("ORCH_STATE")
        ?? Path.Combine(Environment("XDG_DATA_HOME") ?? Path.Combine(Environment("HOME") ?? "/root", ".local", "share"), "orchestrator");

    public string? Token
    {
        get
        {
            var path = Path.Combine(StateFolder, "token");
            return Environment("ORCH_TOKEN") ?? (File.Exists(path) ? File.ReadAllText(path).Trim() : null);
        }
    }

    public IAnsiConsole Console() => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(Out),
        Ansi = IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = IsTerminal && Environment("NO_COLOR") is null ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
    });
}
