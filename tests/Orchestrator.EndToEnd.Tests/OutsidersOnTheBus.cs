using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>Programs in other languages, which know nothing but the guide.</summary>
public sealed partial class OutsidersOnTheBus(BrokerNode fixture) : IClassFixture<BrokerNode>
{
    private const string NoPika = "no python3 with pika";
    private const string Python = "/usr/bin/python3";

    [Fact]
    public async Task TheGuidesExample_DeploysAnApplication_AndSeesItRun()
    {
        var result = await RunAsync(Example(), new Dictionary<string, string> { ["IMAGE"] = "orch-test:1" });
        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("command-accepted {'web': 1}", lines[0]);
        Assert.Contains("web.1 Running", lines);
        Assert.Contains("web.2 Running", lines);
        Assert.Equal("all tasks of revision 1 are ready", lines[^1]);
        await fixture.Node.Api.RunningAsync("hello", "web", 2);
        await fixture.Node.Api.RemoveAsync("hello");
        await fixture.Node.Api.GoneAsync("hello");
    }

    [Fact]
    public async Task AFileWithFaults_IsRejectedWithAllOfThem()
    {
        var result = await RunAsync(Example().Replace("image:", "imagee:", StringComparison.Ordinal), []);
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("command-rejected [", result.Output, StringComparison.Ordinal);
        Assert.Contains("services.web.imagee: there is no such key; did you mean", result.Output, StringComparison.Ordinal);
        Assert.Contains("services.web.image: it is missing", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryCommand_IsTakenAsPlainJson_AndTheSameIdIsAnsweredAlike()
    {
        const string spec = """{"services":[{"name":"web","replicas":1,"container":{"image":"orch-test:1","pullPolicy":"Never","stopGracePeriodSeconds":1}}]}""";
        string[] commands =
        [
            Publish("deploy-app", $$"""{"commandId":"p1","app":"plain","spec":{{spec}}}"""),
            Publish("deploy-app", $$"""{"commandId":"p1","app":"plain","spec":{{spec}}}"""),
            Publish("scale-service", """{"commandId":"p2","app":"plain","service":"web","replicas":2}"""),
            Publish("scale-service", """{"commandId":"p3","app":"plain","service":"nothing","replicas":2}"""),
            Publish("scale-service", """{"commandId":"p4","app":"plain","service":"web","replicas":"many"}"""),
            Publish("deploy-app", "this is not JSON"),
            Publish("remove-app", """{"commandId":"p5","app":"plain"}"""),
        ];
        var result = await RunAsync(Script(commands), []);
        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        var answers = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.Equal(
            ["command-accepted", "command-accepted", "command-accepted", "command-rejected", "command-rejected", "command-rejected", "command-accepted"],
            answers.Select(answer => answer.Text("type")));
        Assert.Equal(answers[0].Text("eventId"), answers[1].Text("eventId"));
        Assert.Contains("there is no such service", answers[3].At("errors")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("cannot be read", answers[4].At("errors")[0].GetString(), StringComparison.Ordinal);
        await fixture.Node.Api.GoneAsync("plain");

        // Over HTTP too the answers are found by the commands' ids.
        Assert.Equal("Accepted", (await fixture.Node.Api.GetAsync("commands/p2")).Text("state"));
        Assert.Contains("there is no such service", (await fixture.Node.Api.GetAsync("commands/p3")).GetProperty("errors")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeRead_StaysInAnErrorQueue_ForWhoeverLooks()
    {
        const string queue = "orchestrator.scheduler.remove-app_error";
        var result = await RunAsync(Script([Publish("remove-app", """{"commandId":"q1","app":7}"""), Publish("remove-app", """{"commandId":"q2","app":8}""")]), []);
        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        var rows = await Until.IsAsync(async () => JsonSerializer.Deserialize<JsonElement>(await OrchAsync("dlq", "ls", "--json")), found => found.EnumerateArray().Any(row => row.Text("queue") == queue && row.Text("messages") == "2"), "both are listed");
        Assert.Contains(rows.EnumerateArray(), row => row.Text("queue") == queue && row.Text("oldestAt").Length > 0);
        Assert.Contains(queue, await OrchAsync("dlq", "ls"), StringComparison.Ordinal);

        // A rejection is told before its message is put aside: the second may be there first.
        var shown = await OrchAsync("dlq", "show", queue);
        Assert.Contains("Cannot get the value of a token type 'Number' as a string", shown, StringComparison.Ordinal);
        Assert.Contains("body    {\"commandId\":\"q1\",\"app\":7}", shown, StringComparison.Ordinal);
        var messages = JsonSerializer.Deserialize<JsonElement>(await OrchAsync("dlq", "show", queue, "--json"));
        Assert.Equal(["q1", "q2"], messages.EnumerateArray().Select(message => message.At("body").Text("commandId")).Order());

        var first = messages[0].Text("id");
        Assert.StartsWith("1 moved back to orchestrator.scheduler.remove-app", await OrchAsync("dlq", "retry", queue, first), StringComparison.Ordinal);
        await Until.IsAsync(() => OrchAsync("dlq", "show", queue, "--json"), text => JsonSerializer.Deserialize<JsonElement>(text).GetArrayLength() == 2, "it fails again and comes back");
        Assert.StartsWith("2 dropped, they came from orchestrator.scheduler.remove-app", await OrchAsync("dlq", "drop", queue, "--all"), StringComparison.Ordinal);
        Assert.DoesNotContain(queue, await OrchAsync("dlq", "ls"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheQueues_AreThoseOfTheDesign_AndEachHasItsConsumer()
    {
        var queues = await fixture.Broker.QueuesAsync();
        string[] expected =
        [
            "orchestrator.api.answers", "orchestrator.api.deploy-compose", "orchestrator.api.history", "orchestrator.health-monitor.tasks-reported",
            "orchestrator.scheduler.deploy-app", "orchestrator.scheduler.nodes", "orchestrator.scheduler.remove-app", "orchestrator.scheduler.scale-service",
            "orchestrator.scheduler.service-changed", "orchestrator.scheduler.tasks-reported",
        ];
        Assert.Superset(expected.ToHashSet(), queues.Keys.ToHashSet());
        Assert.Single(queues.Keys, name => name.StartsWith("orchestrator.node.", StringComparison.Ordinal));
        Assert.DoesNotContain(queues.Keys, name => !name.StartsWith("orchestrator.", StringComparison.Ordinal));
        Assert.All(queues.Where(queue => expected.Contains(queue.Key)), queue => Assert.Equal(1, queue.Value));
    }

    [Fact]
    public async Task TheExchanges_AreThoseOfTheGuide()
    {
        var exchanges = await fixture.Broker.ExchangesAsync();
        var named = MessageName().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/guide/bus.md"))).Select(match => match.Value.StartsWith('`') ? "orchestrator.events" + match.Groups[1].Value : match.Value).ToHashSet();
        Assert.True(named.Count > 14);
        Assert.Superset(named, exchanges.ToHashSet());
        Assert.DoesNotContain(exchanges, name => !name.StartsWith("orchestrator.", StringComparison.Ordinal) && !name.StartsWith("amq.", StringComparison.Ordinal));
    }

    private async Task<string> OrchAsync(params string[] arguments) => (await fixture.Node.OrchAsync(arguments)).OutputOrThrow();

    private static string Example() => ExampleBlock().Match(File.ReadAllText(Path.Combine(Repository.Root, "docs/guide/bus.md"))).Groups[1].Value;

    private static string Publish(string command, string body) => $"ask('orchestrator.commands.{command}', {JsonSerializer.Serialize(body)})";

    /// <summary>Sends each command and prints its answer before the next is sent.</summary>
    private static string Script(IEnumerable<string> commands) => """
        import json, os, sys, pika
        connection = pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URL"]))
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).method.queue
        for name in ("accepted", "rejected", "superseded"):
            channel.queue_bind(queue, "orchestrator.events.command-" + name)
        answered = set()
        def ask(exchange, body):
            command = json.loads(body)["commandId"] if body.startswith("{") else None
            channel.basic_publish(exchange=exchange, routing_key="", body=body)
            for method, properties, answer in channel.consume(queue, auto_ack=True, inactivity_timeout=60):
                if answer is None:
                    sys.exit("no answer to " + body)
                answer = json.loads(answer)
                # An answer may come more than once.
                if answer.get("commandId") == command or answer.get("commandId") not in answered:
                    answered.add(command)
                    print(json.dumps(answer))
                    return

        """ + string.Join('\n', commands) + "\n";

    private async Task<ShellResult> RunAsync(string script, Dictionary<string, string> environment)
    {
        fixture.Require();
        Assert.SkipUnless(File.Exists(Python) && (await Shell.RunAsync(Python, ["-c", "import pika"])).ExitCode == 0, NoPika);
        environment["AMQP_URL"] = fixture.Broker.AmqpUri;
        return await Shell.RunAsync(Python, ["-c", script], environment);
    }

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ExampleBlock();

    [GeneratedRegex(@"orchestrator\.(?:commands|events)\.[a-z-]+|`(\.[a-z-]+)`")]
    private static partial Regex MessageName();
}
