using System.CommandLine;
using Orchestrator.Cli.Deploy;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Nodes;

/// <summary><c>orch node drain</c>. What it waits for goes on without it; the same command again watches on, <c>orch node activate</c> calls it off.</summary>
internal static class DrainCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public static Command Create(CliContext context)
    {
        var node = new Argument<string>("node") { Description = "The node's name or id" };
        var deadline = new Option<string?>("--deadline") { Description = "What is still there after so long is stopped, such as 10m (default 1h)" };
        var force = new Option<bool>("--force") { Description = "Stop all at once, whatever serves then" };
        var wait = new Option<bool>("--wait") { Description = "Until nothing is left there" };
        var timeout = Timeouts.Option();
        var json = Printing.JsonOption();
        return new Command("drain", "Take no new tasks, and have those that are there replaced elsewhere") { node, deadline, force, wait, timeout, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var name = parsed.GetRequiredValue(node);
            if (parsed.GetValue(force) && parsed.GetValue(deadline) is not null)
            {
                throw new CliException(ExitCodes.Usage, "write --force or --deadline, not both: force is a deadline of now");
            }

            double? seconds = parsed.GetValue(force) ? 0 : parsed.GetValue(deadline) is { } text ? Timeouts.Read(text).TotalSeconds : null;
            var limit = Timeouts.Read(parsed.GetValue(timeout));
            var taken = await client.PatchAsync($"nodes/{Uri.EscapeDataString(name)}", new { Availability = "Drain", DrainDeadlineSeconds = seconds }, cancellation);
            var answer = await CommandAnswer.WaitAsync(context, client, taken.Text("commandId"), limit, cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(answer);
            }
            else
            {
                await context.Out.WriteLineAsync($"{name}: accepted");
            }

            return parsed.GetValue(wait) ? await WaitAsync(context, client, name, limit, cancellation) : ExitCodes.Done;
        });
    }

    private static async Task<int> WaitAsync(CliContext context, OrchestratorClient client, string name, TimeSpan limit, CancellationToken cancellation)
    {
        var start = context.Time.GetTimestamp();
        var told = -1;
        while (true)
        {
            var node = await client.GetAsync($"nodes/{Uri.EscapeDataString(name)}", cancellation);
            var left = node.Items("reservations").Count();
            if (left != told)
            {
                var names = string.Join(", ", node.Items("reservations").Take(5).Select(task => $"{task.Text("app")}/{task.Text("service")}.{task.Text("slot")}"));
                await context.Error.WriteLineAsync(left == 0 ? $"{name}: nothing is left there" : $"{name}: {left} tasks left: {names}{(left > 5 ? ", …" : "")}");
                told = left;
            }

            if (left == 0)
            {
                return ExitCodes.Done;
            }

            if (node.Text("availability") != "Drain")
            {
                throw new CliException(ExitCodes.Failed, $"{name}: the drain was called off");
            }

            if (context.Time.GetElapsedTime(start) >= limit)
            {
                throw new CliException(ExitCodes.TimedOut, $"{name}: {left} tasks are still there; it goes on, see orch node inspect {name}");
            }

            await Task.Delay(Interval, context.Time, cancellation);
        }
    }
}
