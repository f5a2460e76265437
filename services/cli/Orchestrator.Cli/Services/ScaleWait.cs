using Orchestrator.Cli.Http;

namespace Orchestrator.Cli.Services;

/// <summary>Waits until a service has as many ready tasks as wanted, and no other.</summary>
internal sealed class ScaleWait(CliContext context, OrchestratorClient client, string app, string service, int replicas)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    public async Task<int> WaitAsync(DateTimeOffset deadline, CancellationToken cancellation)
    {
        while (true)
        {
            var row = (await client.GetAsync($"services?app={Uri.EscapeDataString(app)}", cancellation)).EnumerateArray().FirstOrDefault(item => item.Text("name") == service);
            if (row.ValueKind == System.Text.Json.JsonValueKind.Object && row.Number("desired") == replicas && row.Number("ready") == replicas && row.Number("running") == replicas)
            {
                return ExitCodes.Done;
            }

            if (context.Time.GetUtcNow() >= deadline)
            {
                throw new CliException(ExitCodes.TimedOut, $"{app}/{service} has not {replicas} ready tasks in time; it goes on; see orch ps {app}/{service}");
            }

            await Task.Delay(LookAgain, context.Time, cancellation);
        }
    }
}
