using System.CommandLine;
using Orchestrator.Cli.Deploy;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Apps;

/// <summary><c>orch app</c></summary>
internal static class AppCommands
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public static Command Create(CliContext context) => new("app", "Applications") { List(context), Remove(context) };

    private static Command List(CliContext context)
    {
        var json = Printing.JsonOption();
        return new Command("ls", "List applications") { json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var apps = await client.GetAsync("apps", cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(apps);
                return ExitCodes.Done;
            }

            await context.TableAsync(
                ["NAME", "SERVICES", "RUNNING", "CREATED", "UPDATED"],
                [.. apps.EnumerateArray().Select(app => (string[])[app.Text("name"), app.Text("services"), $"{app.Text("running")}/{app.Text("desired")}", context.Ago(app.Text("createdAt")), context.Ago(app.Text("updatedAt"))])]);
            return ExitCodes.Done;
        });
    }

    private static Command Remove(CliContext context)
    {
        var name = new Argument<string>("name") { Description = "The application" };
        var wait = new Option<bool>("--wait") { Description = "Wait until its tasks are gone" };
        var timeout = Timeouts.Option();
        var json = Printing.JsonOption();
        return new Command("rm", "Stop and forget an application; its volumes stay") { name, wait, timeout, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var app = parsed.GetRequiredValue(name);
            var limit = Timeouts.Read(parsed.GetValue(timeout));
            var deadline = context.Time.GetUtcNow() + limit;
            var taken = await client.DeleteAsync($"apps/{Uri.EscapeDataString(app)}", cancellation);
            var answer = await CommandAnswer.WaitAsync(context, client, taken.Text("commandId"), limit, cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(answer);
            }
            else
            {
                await context.Out.WriteLineAsync($"{app}: removal accepted");
            }

            while (parsed.GetValue(wait) && (await client.GetAsync($"services?app={Uri.EscapeDataString(app)}", cancellation)).GetArrayLength() > 0)
            {
                if (context.Time.GetUtcNow() >= deadline)
                {
                    throw new CliException(ExitCodes.TimedOut, $"{app} is not gone in time; it goes on; see orch ps");
                }

                await Task.Delay(LookAgain / 4, context.Time, cancellation);
            }

            return ExitCodes.Done;
        });
    }
}
