using System.CommandLine;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Networks;

/// <summary><c>orch net</c></summary>
internal static class NetworkCommands
{
    public static Command Create(CliContext context) => new("net", "The cluster's network") { Trace(context) };

    private static Command Trace(CliContext context)
    {
        var from = new Argument<string>("from") { Description = "APP/SERVICE, or outside for a client of a published port" };
        var to = new Argument<string>("to") { Description = "APP/SERVICE" };
        var port = new Argument<int>("port") { Description = "The container's port; from outside the published one" };
        var json = Printing.JsonOption();
        return new Command("trace", "Say at which step a connection would stop") { from, to, port, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var path = $"net/trace?from={Uri.EscapeDataString(parsed.GetRequiredValue(from))}&to={Uri.EscapeDataString(parsed.GetRequiredValue(to))}&port={parsed.GetRequiredValue(port)}";
            var trace = await client.GetAsync(path, cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(trace);
            }
            else
            {
                await context.TableAsync(["STEP", "PASSES", ""], [.. trace.Items("steps").Select(step => (string[])[step.Text("step"), step.GetProperty("passes").GetBoolean() ? "yes" : "no", step.Text("text")])]);
            }

            return trace.GetProperty("passes").GetBoolean() ? ExitCodes.Done : ExitCodes.Failed;
        });
    }
}
