using System.Text.Json;
using Orchestrator.Cli.Http;

namespace Orchestrator.Cli.Deploy;

/// <summary>Waits for the scheduler's word on a command.</summary>
internal static class CommandAnswer
{
    private const int WaitSeconds = 20;

    /// <exception cref="CliException">Rejected, superseded, or not answered in time.</exception>
    public static async Task<JsonElement> WaitAsync(CliContext context, OrchestratorClient client, string commandId, TimeSpan limit, CancellationToken cancellation)
    {
        var deadline = context.Time.GetUtcNow() + limit;
        while (true)
        {
            var left = Math.Clamp((deadline - context.Time.GetUtcNow()).TotalSeconds, 0, WaitSeconds);
            var command = await client.GetAsync(FormattableString.Invariant($"commands/{Uri.EscapeDataString(commandId)}?wait={left:0.###}"), cancellation);
            switch (command.Text("state"))
            {
                case "Accepted":
                    return command;
                case "Rejected":
                    foreach (var error in command.Items("errors"))
                    {
                        await context.Error.WriteLineAsync(error.GetString());
                    }

                    throw new CliException(ExitCodes.Failed, "rejected; nothing was changed");
                case "Superseded":
                    throw new CliException(ExitCodes.Failed, "superseded: a newer command for this application came first; nothing was changed by this one");
            }

            if (context.Time.GetUtcNow() >= deadline)
            {
                throw new CliException(ExitCodes.TimedOut, $"command {commandId} is not answered yet; it is kept and will be carried out; look with GET /api/v1/commands/{commandId}");
            }
        }
    }
}
