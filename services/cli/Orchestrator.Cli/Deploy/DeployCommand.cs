using System.CommandLine;
using System.Text.Json;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Deploy;

/// <summary><c>orch deploy</c></summary>
internal static class DeployCommand
{
    public static Command Create(CliContext context)
    {
        var file = new Option<string>("--file", "-f") { Description = "The Compose file; - for standard input", Required = true };
        var app = new Option<string?>("--app") { Description = "The application's name; default: the file's name:" };
        var wait = new Option<bool>("--wait") { Description = "Wait until everything runs and is ready" };
        var planIndex = new Option<long?>("--plan-index") { Description = "Only if the application has not changed since this plan: orch plan" };
        var timeout = Timeouts.Option();
        var json = Printing.JsonOption();
        return new Command("deploy", "Make an application be what a Compose file says") { file, app, wait, planIndex, timeout, json }
            .WithApi(context, async (parsed, client, cancellation) =>
            {
                var limit = Timeouts.Read(parsed.GetValue(timeout));
                var request = await DeployFiles.ReadAsync(context, parsed.GetRequiredValue(file), parsed.GetValue(app), parsed.GetValue(planIndex), cancellation);
                var taken = await SendAsync(context, client, "deploy", request, cancellation);
                foreach (var warning in taken.Items("warnings"))
                {
                    await context.Error.WriteLineAsync("warning: " + warning.GetString());
                }

                var answer = await CommandAnswer.WaitAsync(context, client, taken.Text("commandId"), limit, cancellation);
                var deadline = context.Time.GetUtcNow() + limit;
                if (parsed.GetValue(json))
                {
                    await context.JsonAsync(answer);
                }
                else
                {
                    await context.Out.WriteLineAsync(answer.Text("changed") == "no" ? $"{answer.Text("app")}: nothing to change" : $"{answer.Text("app")}: accepted");
                }

                return parsed.GetValue(wait)
                    ? await new Convergence(context, client, answer.Text("app"), answer.GetProperty("revisions"), quiet: parsed.GetValue(json)).WaitAsync(deadline, cancellation)
                    : ExitCodes.Done;
            });
    }

    public static async Task<JsonElement> SendAsync(CliContext context, OrchestratorClient client, string path, object request, CancellationToken cancellation)
    {
        try
        {
            return await client.PostAsync(path, request, cancellation);
        }
        catch (ApiProblem problem) when (Errors(problem.Body) is { Count: > 0 } errors)
        {
            foreach (var error in errors)
            {
                await context.Error.WriteLineAsync(error);
            }

            throw new CliException(ExitCodes.Failed, problem.Message);
        }
    }

    private static IReadOnlyList<string> Errors(string body)
    {
        try
        {
            return [.. JsonSerializer.Deserialize<JsonElement>(body).Items("errors").Select(error => error.Text("message"))];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
