using System.CommandLine;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Status;

/// <summary><c>orch status</c></summary>
internal static class StatusCommand
{
    public static Command Create(CliContext context)
    {
        var json = Printing.JsonOption();
        return new Command("status", "Show how the cluster is") { json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var status = await client.GetAsync("status", cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(status);
                return ExitCodes.Done;
            }

            var (bus, nodes, services, tasks, capacity) =
                (status.GetProperty("bus"), status.GetProperty("nodes"), status.GetProperty("services"), status.GetProperty("tasks"), status.GetProperty("capacity"));
            string[] lines =
            [
                $"cluster   {status.Text("clusterId")}, version {status.Text("version")}",
                $"bus       {bus.Text("transport")}, {(bus.Text("healthy") == "yes" ? "healthy" : "not healthy")}",
                $"nodes     {nodes.Text("ready")} of {nodes.Text("total")} ready",
                $"apps      {status.Text("apps")}, {services.Text("converged")} of {services.Text("total")} services as wanted",
                $"tasks     {tasks.Text("running")} of {tasks.Text("desired")} running",
                $"cpus      {capacity.Text("reservedCpus")} of {capacity.Text("cpus")} reserved",
                $"memory    {Printing.Memory(capacity.Amount("reservedMemoryBytes"))} of {Printing.Memory(capacity.Amount("memoryBytes"))} reserved",
                $"commands  {status.Text("commandsPending")} waiting for an answer",
            ];
            foreach (var line in lines)
            {
                await context.Out.WriteLineAsync(line);
            }

            foreach (var problem in status.Items("problems"))
            {
                await context.Out.WriteLineAsync("!         " + problem.GetString());
            }

            return ExitCodes.Done;
        });
    }
}
