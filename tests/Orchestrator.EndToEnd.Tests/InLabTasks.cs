using System.Globalization;
using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>Tasks on the lab, and what is asked from inside their containers.</summary>
internal static class InLabTasks
{
    private const string Busybox = "/bin/busybox";

    /// <param name="lab">Where they run.</param>
    /// <param name="rows">What <c>orch ps SERVICE --json</c> tells.</param>
    /// <returns>The tasks that are ready, by node.</returns>
    public static async Task<IReadOnlyDictionary<int, LabTask>> ReadyAsync(this Lab lab, string rows)
    {
        var tasks = JsonSerializer.Deserialize<JsonElement>(rows).EnumerateArray().Where(row => row.GetProperty("ready").GetBoolean())
            .Select(row => (Node: int.Parse(row.Text("node")[4..], CultureInfo.InvariantCulture), Container: row.Text("containerId")));
        return (await Task.WhenAll(tasks.Select(async task => new LabTask(
            task.Node, task.Container, await lab.DockerAsync(task.Node, "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", task.Container))))).ToDictionary(task => task.Node);
    }

    /// <summary>A busybox command in a container, for at most some seconds.</summary>
    public static Task<ShellResult> InAsync(this Lab lab, LabTask task, int seconds, params IEnumerable<string> command) =>
        lab.TryAsync(["exec", $"{task.Node}", "docker", "exec", task.Container, Busybox, "timeout", $"{seconds}", Busybox, .. command]);

    /// <returns>The page, or why there is none.</returns>
    public static async Task<string> GetAsync(this Lab lab, LabTask from, string address)
    {
        var result = await lab.InAsync(from, 3, "wget", "-q", "-O", "-", $"http://{address}/");
        return result.ExitCode == 0 ? result.Output.Trim() : "none: " + result.Error.Trim();
    }

    public static async Task<IReadOnlyList<string>> LookUpAsync(this Lab lab, LabTask from, string name) => Found((await lab.InAsync(from, 8, "nslookup", name)).Output);

    /// <param name="output">Of busybox's nslookup.</param>
    /// <returns>The addresses of the name, in order; none for a name that is not found.</returns>
    public static IReadOnlyList<string> Found(string output) =>
        [.. output.Split('\n').SkipWhile(line => !line.StartsWith("Name:", StringComparison.Ordinal)).Where(line => line.StartsWith("Address:", StringComparison.Ordinal)).Select(line => line.Split(':', 2)[1].Trim()).Order(StringComparer.Ordinal)];
}
