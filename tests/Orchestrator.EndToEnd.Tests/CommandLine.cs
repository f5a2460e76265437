using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>The command line as people and scripts use it.</summary>
public abstract class CommandLine
{
    protected abstract IInstallation Node { get; }

    /// <summary>As <c>status</c> names it.</summary>
    protected abstract string Transport { get; }

    /// <summary>What <c>dlq ls</c> says.</summary>
    protected abstract string NoErrorQueues { get; }

    [Fact]
    public async Task EveryCommand_SaysItInTablesAndInJson()
    {
        var folder = Directory.CreateTempSubdirectory("orch-test-cli-").FullName;
        var port = SingleNode.FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder, "compose.yaml"), Compose.Web(1, 2, port).Replace("orch-test:1", "orch-test:${VERSION}", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(folder, ".env"), "VERSION=1\n");

        var deploy = await Node.OrchInAsync(folder, "deploy", "-f", "compose.yaml", "--app", "cli", "--wait", "--timeout", "60s");
        Assert.Equal(0, deploy.ExitCode);
        Assert.Contains("cli/web: 2/2 ready, revision 1 completed", deploy.Output, StringComparison.Ordinal);
        Assert.Contains("nothing to change", (await CheckedAsync(Node.OrchInAsync(folder, "deploy", "-f", "compose.yaml", "--app", "cli"))).Output, StringComparison.Ordinal);

        var ps = (await OrchAsync("ps", "--app", "cli")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("ID", ps[0], StringComparison.Ordinal);
        Assert.Equal(3, ps.Length);
        var tasks = await JsonAsync("ps", "--app", "cli");
        Assert.Equal(2, tasks.GetArrayLength());

        Assert.Contains("2/2", (await OrchAsync("service", "ls")).Output.Split('\n').Single(line => line.StartsWith("cli ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains(ReadList(await JsonAsync("service", "ls")), row => row.Text("app") == "cli" && row.Text("ready") == "2");
        Assert.Contains("orch-test:1", (await OrchAsync("service", "inspect", "cli/web")).Output, StringComparison.Ordinal);
        Assert.Equal("web", (await JsonAsync("service", "inspect", "cli/web")).Text("name"));

        Assert.Equal(0, (await Node.OrchAsync("service", "scale", "cli/web=3", "--wait", "--timeout", "60s")).ExitCode);
        Assert.Equal(3, (await JsonAsync("ps", "--app", "cli")).GetArrayLength());

        Assert.Contains(ReadList(await JsonAsync("app", "ls")), row => row.Text("name") == "cli");
        Assert.Contains("cli", (await OrchAsync("app", "ls")).Output, StringComparison.Ordinal);

        var node = ReadList(await JsonAsync("node", "ls")).Single().Text("name");
        Assert.Contains("Ready", (await OrchAsync("node", "ls")).Output, StringComparison.Ordinal);
        Assert.Contains("cpus", (await OrchAsync("node", "inspect", node)).Output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(node, (await JsonAsync("node", "inspect", node)).Text("name"));

        Assert.Contains("nodes", (await OrchAsync("status")).Output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Transport, (await JsonAsync("status")).At("bus").Text("transport"));

        Assert.Equal(NoErrorQueues, (await OrchAsync("dlq", "ls")).Output.Trim());
        Assert.Equal(0, (await JsonAsync("dlq", "ls")).GetArrayLength());

        Assert.Contains("tasks-changed", (await OrchAsync("events", "--app", "cli")).Output, StringComparison.Ordinal);
        Assert.Contains(ReadList(await JsonAsync("events", "--app", "cli")), item => item.Text("type") == "rollout-completed");

        var removed = await OrchAsync("app", "rm", "cli");
        Assert.Equal(0, removed.ExitCode);
        await Node.Api.GoneAsync("cli");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Logs_ShowTheLastLines()
    {
        await Node.Api.DeployAsync("logs", Compose.Shell("for i in 1 2 3 4 5; do echo line $i; done; busybox sleep 0.5; echo oops >&2; " + Compose.Forever));
        await Node.Api.RunningAsync("logs", "job", 1);
        var lines = await Until.IsAsync(
            async () => (await OrchAsync("logs", "logs/job", "--tail", "3")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), found => found.Length == 3 && found.Any(line => line.EndsWith("oops", StringComparison.Ordinal)), "the last three lines come");
        Assert.Contains(lines, line => line.EndsWith("line 5", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.EndsWith("line 3", StringComparison.Ordinal));
        await Node.Api.RemoveAsync("logs");
        await Node.Api.GoneAsync("logs");
    }

    [Fact]
    public async Task AFileWithErrors_TellsThemAllAtOnce_AndDeploysNothing()
    {
        var folder = Directory.CreateTempSubdirectory("orch-test-cli-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "bad.yaml"), """
            name: bad
            services:
              web:
                imagee: web:1
                deploy: { replicas: -1 }
            """);
        var result = await Node.OrchInAsync(folder, "deploy", "-f", "bad.yaml");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("bad.yaml:4:5: services.web.imagee: there is no such key; did you mean 'image'?", result.Error, StringComparison.Ordinal);
        Assert.Contains("bad.yaml:5:25: services.web.deploy.replicas: '-1' cannot be here; write a whole number from 0 to 10000", result.Error, StringComparison.Ordinal);
        Assert.Contains("services.web.image: it is missing", result.Error, StringComparison.Ordinal);
        Assert.Empty(await Node.Api.ListAsync("services?app=bad"));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("bogus", 2, "'bogus'")]
    [InlineData("ps --bogus", 2, "there is no option '--bogus' here")]
    [InlineData("service scale web", 2, "web")]
    [InlineData("service scale web=-1", 2, "web")]
    [InlineData("service inspect nothing/there", 3, "nothing/there")]
    [InlineData("node inspect nobody", 3, "see orch node ls")]
    [InlineData("app rm nothing", 3, "see orch app ls")]
    [InlineData("logs nothing/there", 3, "see orch ps")]
    [InlineData("dlq show nothing_error", 3, "there is no error queue 'nothing_error'")]
    [InlineData("dlq show nothing_error --limit 0", 2, "--limit: write 1 or more")]
    [InlineData("dlq retry nothing_error", 2, "write a message's id, or --all")]
    [InlineData("dlq drop nothing_error some-id --all", 2, "write a message's id, or --all")]
    [InlineData("deploy -f /no/such/file", 2, "/no/such/file cannot be read")]
    [InlineData("deploy -f /dev/null --timeout never", 2, "'never' is no duration")]
    public async Task WhatCannotBeDone_IsSaidInOneLine_WithAnExitCode(string arguments, int code, string said)
    {
        var result = await Node.OrchAsync(arguments.Split(' '));
        Assert.Equal(code, result.ExitCode);
        Assert.StartsWith("orch: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADeployThatFails_TellsWhy_AndExitsDifferently()
    {
        var folder = Directory.CreateTempSubdirectory("orch-test-cli-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "compose.yaml"), Compose.Shell("echo what went wrong; exit 4", more: "healthcheck: { test: [CMD, /bin/busybox, 'true'], interval: 10s }"));
        var result = await Node.OrchInAsync(folder, "deploy", "-f", "compose.yaml", "--app", "failing", "--wait", "--timeout", "60s");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("exited with code 4", result.Error, StringComparison.Ordinal);
        Assert.Contains("what went wrong", result.Error, StringComparison.Ordinal);
        await Node.Api.RemoveAsync("failing");
        await Node.Api.GoneAsync("failing");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task ADeployThatAnotherCommandOvertakes_IsNotDone()
    {
        var folder = Directory.CreateTempSubdirectory("orch-test-cli-").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "compose.yaml"), Compose.Shell(Compose.Forever, more: "healthcheck: { test: [CMD, /bin/busybox, 'false'], interval: 1s }"));
        var waiting = Node.OrchInAsync(folder, "deploy", "-f", "compose.yaml", "--app", "overtaken", "--wait", "--timeout", "90s");
        await Until.IsAsync(() => Node.Api.TasksAsync("overtaken", "job"), tasks => tasks.Any(task => task.Text("state") == "Running"), "its task runs");
        await Node.Api.RemoveAsync("overtaken");
        var result = await waiting;
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("another command removed overtaken/job meanwhile", result.Error, StringComparison.Ordinal);
        await Node.Api.GoneAsync("overtaken");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task ADeployThatNoNodeHasRoomFor_TimesOut_TellsWhy_AndCanBeRemoved()
    {
        var folder = Directory.CreateTempSubdirectory("orch-test-cli-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "compose.yaml"), Compose.Shell(Compose.Forever).Replace("replicas: 1", "resources: { reservations: { cpus: '9999' } }", StringComparison.Ordinal));
        var result = await Node.OrchInAsync(folder, "deploy", "-f", "compose.yaml", "--app", "huge", "--wait", "--timeout", "3s");
        Assert.Equal(4, result.ExitCode);
        Assert.Contains("huge/job: no node takes it: ", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await Node.OrchAsync("app", "rm", "huge", "--wait", "--timeout", "30s")).ExitCode);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(50, false)]
    [InlineData(300, true)]
    public async Task ATerminal_GetsATable_WhereItIsWideEnough(int columns, bool table)
    {
        var program = Repository.Program("Orchestrator.Cli", "orch");
        var shown = await Shell.RunAsync(
            "script", ["-qec", $"stty cols {columns}; dotnet '{program}' node ls", "/dev/null"],
            new Dictionary<string, string> { ["ORCH_API"] = Node.Api.Address.ToString(), ["ORCH_STATE"] = Node.State, ["TERM"] = "xterm" });
        Assert.Equal(table, shown.Output.Contains('╭', StringComparison.Ordinal));
        Assert.Contains("LAST SEEN", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToldToEnd_ItEnds_WithoutNoise()
    {
        var result = await Shell.RunAsync(
            "timeout", ["3", "dotnet", Repository.Program("Orchestrator.Cli", "orch"), "events", "-f"],
            new Dictionary<string, string> { ["ORCH_API"] = Node.Api.Address.ToString(), ["ORCH_STATE"] = Node.State });
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task ANodeThatIsNotThere_IsSaidWithWhatToDo()
    {
        var result = await Shell.RunAsync("dotnet", [Repository.Program("Orchestrator.Cli", "orch"), "ps"], new Dictionary<string, string> { ["ORCH_API"] = "http://127.0.0.1:9" });
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("cannot reach http://127.0.0.1:9", result.Error, StringComparison.Ordinal);
    }

    private Task<ShellResult> OrchAsync(params string[] arguments) => CheckedAsync(Node.OrchAsync(arguments));

    private static async Task<ShellResult> CheckedAsync(Task<ShellResult> running)
    {
        var result = await running;
        result.OutputOrThrow();
        return result;
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments) =>
        JsonSerializer.Deserialize<JsonElement>((await OrchAsync([.. arguments, "--json"])).Output);

    private static List<JsonElement> ReadList(JsonElement list) => [.. list.EnumerateArray()];
}
