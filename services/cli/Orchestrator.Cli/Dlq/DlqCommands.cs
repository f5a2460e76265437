using System.CommandLine;
using System.Text.Json;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Dlq;

/// <summary><c>orch dlq</c></summary>
internal static class DlqCommands
{
    private const int DefaultLimit = 20;

    public static Command Create(CliContext context) => new("dlq", "Messages that no service could take")
    {
        List(context),
        Show(context),
        Move(context, "retry", "Move messages back to the queue they came from", "moved back to"),
        Move(context, "drop", "Forget messages", "dropped, they came from"),
    };

    private static Command List(CliContext context)
    {
        var json = Printing.JsonOption();
        return new Command("ls", "List the error queues that hold messages") { json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var queues = await client.GetAsync("dlq", cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(queues);
                return ExitCodes.Done;
            }

            if (queues.GetArrayLength() == 0)
            {
                var inMemory = (await client.GetAsync("status", cancellation)).GetProperty("bus").Text("transport") == "memory";
                await context.Out.WriteLineAsync(inMemory ? "none: the in-memory bus keeps no error queues" : "none");
                return ExitCodes.Done;
            }

            await context.TableAsync(
                ["QUEUE", "MESSAGES", "OLDEST"],
                [.. queues.EnumerateArray().Select(queue => (string[])[queue.Text("queue"), queue.Text("messages"), context.Ago(queue.Text("oldestAt"))])]);
            return ExitCodes.Done;
        });
    }

    private static Command Show(CliContext context)
    {
        var queue = QueueArgument();
        var limit = new Option<int>("--limit") { Description = "Messages at most", DefaultValueFactory = _ => DefaultLimit };
        var json = Printing.JsonOption();
        return new Command("show", "Show the first messages and why they failed; they stay") { queue, limit, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            if (parsed.GetValue(limit) < 1)
            {
                throw new CliException(ExitCodes.Usage, "--limit: write 1 or more");
            }

            var messages = await client.GetAsync($"{Path(parsed.GetRequiredValue(queue))}?limit={parsed.GetValue(limit)}", cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(messages);
                return ExitCodes.Done;
            }

            foreach (var message in messages.EnumerateArray())
            {
                await PrintAsync(context, message);
            }

            return ExitCodes.Done;
        });
    }

    private static async Task PrintAsync(CliContext context, JsonElement message)
    {
        var exception = message.Text("exception");
        var body = message.GetProperty("body");
        (string Name, string Value)[] lines =
        [
            ("id", message.Text("id")),
            ("type", message.Text("type")),
            ("failed", $"{message.Text("failedAt")} on {message.Text("host")} ({message.Text("process")})"),
            ("why", exception.Length > 0 ? $"{exception}: {message.Text("message")}" : message.Text("reason")),
            ("body", body.ValueKind == JsonValueKind.String ? body.GetString()! : body.GetRawText()),
        ];
        foreach (var (name, value) in lines.Where(line => line.Value.Length > 0))
        {
            await context.Out.WriteLineAsync($"{name,-7} {value.ReplaceLineEndings(" ")}");
        }

        await context.Out.WriteLineAsync();
    }

    private static Command Move(CliContext context, string name, string description, string done)
    {
        var queue = QueueArgument();
        var id = new Argument<string?>("id") { Description = "The message's id, as dlq show prints it", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "All messages of the queue" };
        var json = Printing.JsonOption();
        return new Command(name, description) { queue, id, all, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var one = parsed.GetValue(id);
            if (one is null != parsed.GetValue(all))
            {
                throw new CliException(ExitCodes.Usage, $"write a message's id, or --all: orch dlq {name} {parsed.GetRequiredValue(queue)} --all");
            }

            var moved = await client.PostAsync($"{Path(parsed.GetRequiredValue(queue))}/{name}", new { id = one, all = one is null }, cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(moved);
                return ExitCodes.Done;
            }

            await context.Out.WriteLineAsync($"{moved.Text("messages")} {done} {moved.Text("origin")}");
            return ExitCodes.Done;
        });
    }

    private static Argument<string> QueueArgument() => new("queue") { Description = "The error queue, as dlq ls prints it" };

    private static string Path(string queue) => $"dlq/{Uri.EscapeDataString(queue)}";
}
