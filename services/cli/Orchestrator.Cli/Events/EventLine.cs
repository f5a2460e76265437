using System.Text.Json;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Events;

/// <summary>An event in one line.</summary>
internal static class EventLine
{
    public static string Of(JsonElement body)
    {
        var time = body.Text("occurredAt");
        var who = string.Join('/', new[] { body.Text("app"), body.Text("service") }.Where(text => text.Length > 0));
        return $"{(time.Length >= 23 ? time[..23] : time)}  {body.Text("type"),-20} {who,-20} {Details(body)}".TrimEnd();
    }

    private static string Details(JsonElement body) => body.Text("type") switch
    {
        "tasks-changed" => string.Join(", ", body.Items("tasks").Select(task =>
            $"slot {task.Text("slot")} {task.Text("state")}{(task.Text("ready") == "yes" ? " ready" : "")}{(task.Text("nodeLost") == "yes" ? " node lost" : "")}{(task.Text("message") is { Length: > 0 } why ? $" ({why})" : "")}")),
        "command-rejected" => string.Join("; ", body.Items("errors").Select(error => error.GetString())),
        "command-accepted" => $"{body.Text("command")} {(body.Text("changed") == "yes" ? "" : "(nothing to change)")}",
        "task-unschedulable" => $"{body.Text("waiting")} wait: {string.Join("; ", body.Items("reasons").Select(reason => reason.GetString()))}",
        "rollout-started" or "rollout-completed" => $"to revision {body.Text("toRevision")}",
        "rollout-failed" => $"to revision {body.Text("toRevision")}: {body.Text("reason")}",
        "nodes-changed" => string.Join(", ", body.Items("nodes").Select(node => $"{node.Text("name")} {node.Text("availability")} {node.Text("liveness")}".TrimEnd())),
        "node-suspect" or "node-unreachable" or "node-recovered" or "node-lost" or "node-down" => $"{Printing.Short(body.Text("nodeId"))}: {body.Text("reason")}",
        _ => "",
    };
}
