using System.CommandLine;
using System.Text.Json;
using Orchestrator.Cli.Deploy;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Nodes;

/// <summary><c>orch node</c></summary>
internal static class NodeCommands
{
    public static Command Create(CliContext context)
    {
        var node = new Command("node", "Nodes") { List(context), Inspect(context), Remove(context), JoinCommand.Create(context) };
        foreach (var command in NodeUpdateCommands.All(context))
        {
            node.Subcommands.Add(command);
        }

        return node;
    }

    private static Command List(CliContext context)
    {
        var json = Printing.JsonOption();
        return new Command("ls", "List nodes") { json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var nodes = await client.GetAsync("nodes", cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(nodes);
                return ExitCodes.Done;
            }

            await context.TableAsync(
                ["ID", "NAME", "ROLE", "LIVENESS", "AVAILABILITY", "CPUS", "MEMORY", "ENGINE", "LAST SEEN"],
                [.. nodes.EnumerateArray().Select(node => (string[])
                [
                    Printing.Short(node.Text("id")), node.Text("name"), node.Text("role"), node.Text("liveness"), node.Text("availability"),
                    $"{node.Text("reservedCpus")} of {node.Text("cpus")}", $"{Printing.Memory(node.Amount("reservedMemoryBytes"))} of {Printing.Memory(node.Amount("memoryBytes"))}",
                    node.Text("engine"), context.Ago(node.Text("lastSeen")),
                ])]);
            return ExitCodes.Done;
        });
    }

    private static Command Inspect(CliContext context)
    {
        var name = new Argument<string>("node") { Description = "The node's name or id" };
        var json = Printing.JsonOption();
        return new Command("inspect", "Show all that is known of a node") { name, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var node = await client.GetAsync($"nodes/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}", cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(node);
                return ExitCodes.Done;
            }

            await PrintAsync(context, node);
            return ExitCodes.Done;
        });
    }

    private static Command Remove(CliContext context)
    {
        var name = new Argument<string>("node") { Description = "The node's name or id" };
        var force = new Option<bool>("--force") { Description = "Also one that answers: what runs there runs on, and nobody looks after it" };
        var timeout = Timeouts.Option();
        var json = Printing.JsonOption();
        return new Command("rm", "Forget a machine: its tasks go to other nodes, its user of the broker is deleted") { name, force, timeout, json }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var node = parsed.GetRequiredValue(name);
            var taken = await client.DeleteAsync($"nodes/{Uri.EscapeDataString(node)}{(parsed.GetValue(force) ? "?force=true" : "")}", cancellation);
            var answer = await CommandAnswer.WaitAsync(context, client, taken.Text("commandId"), Timeouts.Read(parsed.GetValue(timeout)), cancellation);
            if (parsed.GetValue(json))
            {
                await context.JsonAsync(answer);
            }
            else
            {
                await context.Out.WriteLineAsync($"{node}: removed");
            }

            return ExitCodes.Done;
        });
    }

    private static async Task PrintAsync(CliContext context, JsonElement node)
    {
        var platform = node.GetProperty("platform");
        string[] lines =
        [
            $"node         {node.Text("name")} ({node.Text("id")})",
            $"state        {node.Text("liveness")}, {node.Text("availability")}, {node.Text("role")}, last seen {context.Ago(node.Text("lastSeen"))}",
            $"liveness     changed {context.Ago(node.Text("livenessSince"))} {node.Text("livenessReason")}",
            $"platform     {platform.Text("os")}/{platform.Text("architecture")}, engine {node.Text("engine")} (API {node.Text("engineApiVersion")})",
            .. Network(node),
            .. HeldPorts(node),
            $"cpus         {node.Text("reservedCpus")} of {node.Text("cpus")} reserved",
            $"memory       {Printing.Memory(node.Amount("reservedMemoryBytes"))} of {Printing.Memory(node.Amount("memoryBytes"))} reserved",
            $"disk         {Printing.Memory(node.Amount("diskBytes"))}",
            $"labels       {string.Join(", ", node.GetProperty("labels").EnumerateObject().Select(label => $"{label.Name}={label.Value.GetString()}"))}",
            $"pool         {node.Text("pool")}",
            $"taints       {string.Join(", ", node.Items("taints").Select(taint => $"{taint.Text("key")}{(taint.Text("value").Length > 0 ? "=" + taint.Text("value") : "")}:{taint.Text("effect")}"))}",
            $"has          {string.Join(", ", node.GetProperty("generic").EnumerateObject().Select(kind => $"{kind.Value} {kind.Name}"))}",
            $"kept back    {node.Text("systemCpus")} CPUs, {Printing.Memory(node.Amount("systemMemoryBytes"))}; promised {node.Text("overcommitCpus")} × CPUs, {node.Text("overcommitMemory")} × memory",
        ];
        foreach (var line in lines)
        {
            await context.Out.WriteLineAsync(line.TrimEnd());
        }

        await context.TableAsync(
            ["TASK", "SERVICE", "STATE", "PRIORITY", "CPUS", "MEMORY", "ALSO"],
            [.. node.Items("reservations").Select(item => (string[])
                [Printing.Short(item.Text("taskId")), $"{item.Text("app")}/{item.Text("service")}.{item.Text("slot")}", item.Text("state"), item.Text("priority"), item.Text("cpus"), Printing.Memory(item.Amount("memoryBytes")), Also(item)])]);
        if (node.Text("drainUntil") is { Length: > 0 } until)
        {
            await context.Out.WriteLineAsync($"what is left at {until} is stopped; orch node drain {node.Text("name")} --force stops it now");
        }

        foreach (var task in node.Items("reservations").Where(item => item.Text("stays").Length > 0))
        {
            await context.Out.WriteLineAsync($"{task.Text("app")}/{task.Text("service")}.{task.Text("slot")} stays: {task.Text("stays")}");
        }
    }

    /// <summary>A node outside of the cluster's network serves its own tasks only.</summary>
    private static IReadOnlyList<string> Network(JsonElement node) => node.Items("networkProblems").ToList() is { Count: > 0 } problems
        ? [.. problems.Select(problem => $"network      off: {problem.GetString()}"), "             its tasks reach only each other, and are reached through this node's own ports"]
        : [$"network      {node.Text("subnet")}{(node.Text("networkEncryption") is "wireguard" ? $", encrypted by WireGuard, public key {node.Text("networkPublicKey")}" : "")}"];

    /// <summary>Ports that cannot be published there.</summary>
    private static IEnumerable<string> HeldPorts(JsonElement node) => node.Items("heldPorts").Select((port, i) =>
        $"{(i == 0 ? "held ports" : ""),-10}   {(port.Text("address") is { Length: > 0 } address ? address + " " : "")}{port.Text("port")}/{port.Text("protocol").ToLowerInvariant()} by {port.Text("holder")}");

    private static string Also(JsonElement reservation) => string.Join(", ", (string[])
    [
        .. reservation.GetProperty("generic").EnumerateObject().Select(kind => $"{kind.Value} {kind.Name}"),
        .. reservation.Items("deviceIds").Select(device => device.GetString()!),
        .. reservation.Items("ports").Select(port => $"port {port.Text("port")}"),
        .. reservation.Text("preemptedFor") is { Length: > 0 } task ? [$"goes to {Printing.Short(task)}"] : Array.Empty<string>(),
    ]);
}
