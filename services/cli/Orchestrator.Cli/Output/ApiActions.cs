using System.CommandLine;
using Orchestrator.Cli.Http;

namespace Orchestrator.Cli.Output;

internal static class ApiActions
{
    /// <summary>Runs a command with a client; the API's refusals end it with their own exit codes.</summary>
    public static Command WithApi(this Command command, CliContext context, Func<ParseResult, OrchestratorClient, CancellationToken, Task<int>> run)
    {
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = new OrchestratorClient(context);
            try
            {
                return await run(parsed, client, cancellation);
            }
            catch (ApiProblem problem)
            {
                throw problem.ToCliException();
            }
        });
        return command;
    }
}
