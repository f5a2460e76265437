using System.CommandLine;
using Orchestrator.Cli.Deploy;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Nodes;

/// <summary><c>orch node join-command</c></summary>
internal static class JoinCommand
{
    public static Command Create(CliContext context)
    {
        var role = new Option<string>("--role") { Description = "manager or worker (default worker)", DefaultValueFactory = _ => "worker" };
        role.AcceptOnlyFromAmong("manager", "worker");
        var lifetime = new Option<string?>("--ttl") { Description = "How long the token is good, such as 30m or 1h (default 1h)" };
        var json = Printing.JsonOption();
        return new Command("join-command", "Print the command that lets one machine join") { role, lifetime, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var seconds = parsed.GetValue(lifetime) is { } text ? Timeouts.Read(text).TotalSeconds : (double?)null;
            var made = await client.PostAsync("nodes/join-tokens", new { Role = parsed.GetValue(role) == "manager" ? "Manager" : "Worker", LifetimeSeconds = seconds }, cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(made);
                return ExitCodes.Done;
            }

            await context.Error.WriteLineAsync($"On the machine that joins, in a checkout; once, until {made.Text("expiresAt")}:");
            await context.Out.WriteLineAsync($"infra/agent.sh up --broker {made.Text("broker")} --token {made.Text("token")}");
            return ExitCodes.Done;
        });
    }
}
