using System.CommandLine;
using System.CommandLine.Parsing;
using Orchestrator.Cli.Apps;
using Orchestrator.Cli.Backup;
using Orchestrator.Cli.Deploy;
using Orchestrator.Cli.Dlq;
using Orchestrator.Cli.Events;
using Orchestrator.Cli.Logs;
using Orchestrator.Cli.Networks;
using Orchestrator.Cli.Nodes;
using Orchestrator.Cli.Orphans;
using Orchestrator.Cli.Placement;
using Orchestrator.Cli.Rollouts;
using Orchestrator.Cli.Services;
using Orchestrator.Cli.Status;
using Orchestrator.Cli.Tasks;

namespace Orchestrator.Cli;

/// <summary>The program <c>orch</c>.</summary>
internal static class OrchCli
{
    /// <returns>0 done, 1 failed, 2 bad usage, 3 not found, 4 timed out, 5 rolled back.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliContext context, CancellationToken cancellation)
    {
        var root = new RootCommand("Deploys and watches applications. ORCH_API names the API (default http://127.0.0.1:7080), ORCH_TOKEN the token.")
        {
            DeployCommand.Create(context),
            PlanCommand.Create(context),
            ExplainCommand.Create(context),
            AppCommands.Create(context),
            ServiceCommands.Create(context),
            RolloutCommands.Create(context),
            PsCommand.Create(context),
            LogsCommand.Create(context),
            EventsCommand.Create(context),
            NodeCommands.Create(context),
            NetworkCommands.Create(context),
            OrphanCommands.Create(context),
            BackupCommands.Create(context),
            DlqCommands.Create(context),
            StatusCommand.Create(context),
        };
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            // What was written and not understood says more than what was not written.
            var error = parsed.Errors.MaxBy(error => error.Message.Contains('\'', StringComparison.Ordinal))!;
            await context.Error.WriteLineAsync($"orch: {error.Message.TrimEnd('.')}; see orch --help");
            return ExitCodes.Usage;
        }

        if (UnknownOption(parsed) is { } unknown)
        {
            await context.Error.WriteLineAsync($"orch: there is no option '{unknown}' here; see orch --help");
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = context.Out, Error = context.Error, EnableDefaultExceptionHandler = false }, cancellation);
        }
        catch (CliException exception)
        {
            await context.Error.WriteLineAsync("orch: " + exception.Message);
            return exception.ExitCode;
        }
        catch (OperationCanceledException)
        {
            // By a person, or by a signal to end, which the parser takes.
            return ExitCodes.Failed;
        }
    }

    /// <summary>To the parser an option that it does not know is the value of an argument.</summary>
    private static string? UnknownOption(ParseResult parsed) => parsed.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .Where(token => token.Type == TokenType.Argument)
        .Select(token => token.Value)
        .FirstOrDefault(value => value.Length > 1 && value[0] == '-' && !char.IsAsciiDigit(value[1]));
}
