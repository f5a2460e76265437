using System.CommandLine;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Logs;

/// <summary><c>orch logs</c></summary>
internal static class LogsCommand
{
    private const int DefaultTail = 100;

    public static Command Create(CliContext context)
    {
        var name = new Argument<string>("service-or-task") { Description = "web, shop/web, or a task's id" };
        var tail = new Option<int>("--tail") { Description = "Lines per task", DefaultValueFactory = _ => DefaultTail };
        var json = Printing.JsonOption();
        return new Command("logs", "Show what tasks print") { name, tail, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var wanted = parsed.GetRequiredValue(name);
            if (parsed.GetValue(tail) < 0)
            {
                throw new CliException(ExitCodes.Usage, "--tail: write 0 or more");
            }

            var service = await Names.TryFindServiceAsync(client, wanted, cancellation);
            var query = service is { } found
                ? $"app={Uri.EscapeDataString(found.App)}&service={Uri.EscapeDataString(found.Service)}"
                : $"task={Uri.EscapeDataString(wanted)}";
            var lines = await client.GetAsync($"logs?{query}&tail={parsed.GetValue(tail)}", cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(lines);
                return ExitCodes.Done;
            }

            foreach (var line in lines.EnumerateArray())
            {
                await context.Out.WriteLineAsync(service is null ? line.Text("text") : $"{service.Value.Service}.{line.Text("slot")}.{Printing.Short(line.Text("taskId"))} | {line.Text("text")}");
            }

            return ExitCodes.Done;
        });
    }
}
