using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RabbitMQ.Client;

namespace Orchestrator.Broker.Integration.Tests;

/// <summary>infra/rabbitmq/definitions.json and what the services declare are the same.</summary>
public sealed partial class DefinitionsTests
{
    private const string VirtualHost = "orchestrator";
    private static readonly string Path = System.IO.Path.Combine(Repository.Root, "infra/rabbitmq/definitions.json");
    private static readonly Dictionary<string, string[]> Told = new()
    {
        ["exchanges"] = ["name", "vhost", "type", "durable", "auto_delete", "internal", "arguments"],
        ["queues"] = ["name", "vhost", "durable", "auto_delete", "arguments"],
        ["bindings"] = ["source", "vhost", "destination", "destination_type", "routing_key", "arguments"],
    };

    [Fact]
    public async Task TheDefinitions_AreWhatTheServicesDeclare()
    {
        await using var broker = await RequireAsync();
        await using var node = await SingleNode.StartAsync(broker.Uri);
        var declared = await broker.DefinitionsAsync();
        if (Environment.GetEnvironmentVariable("ORCH_WRITE_DEFINITIONS") is { Length: > 0 } path)
        {
            await File.WriteAllTextAsync(path, Text(declared));
        }

        var file = JsonNode.Parse(await File.ReadAllTextAsync(Path))!.AsObject();
        Assert.Equal(["vhosts", .. Told.Keys], file.Select(part => part.Key));
        foreach (var part in Told.Keys)
        {
            var inFile = Lines(file, part);
            var onBroker = Lines(declared, part);
            Assert.True(
                inFile.SequenceEqual(onBroker),
                $"{part}: only in the file: {string.Join('\n', inFile.Except(onBroker))}\nonly declared: {string.Join('\n', onBroker.Except(inFile))}\nset ORCH_WRITE_DEFINITIONS to the file to write it");
        }
    }

    [Fact]
    public async Task ACommandSentBeforeTheFirstStart_IsTaken_AndTheServicesDeclareWhatIsThere()
    {
        await using var broker = await RequireAsync();
        await broker.LoadDefinitionsAsync("n" + Guid.NewGuid().ToString("N"));
        await using (var connection = await new ConnectionFactory { Uri = new Uri(broker.AmqpUri) }.CreateConnectionAsync())
        await using (var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true)))
        {
            var body = """{"commandId":"early","app":"early","spec":{"services":[{"name":"web","replicas":0,"container":{"image":"web:1"}}]}}"""u8.ToArray();
            await channel.BasicPublishAsync("orchestrator.commands.deploy-app", "", mandatory: true, new BasicProperties { ContentType = "application/json", Persistent = true }, body);
        }

        await using var node = await SingleNode.StartAsync(broker.ControlUri);
        await Until.IsAsync(
            async () => (await node.OrchAsync("app", "ls", "--json")).Output, apps => apps.Contains("\"early\"", StringComparison.Ordinal), "the early command is carried out");
        Assert.Equal(Lines(JsonNode.Parse(await File.ReadAllTextAsync(Path))!.AsObject(), "queues"), Lines(await broker.DefinitionsAsync(), "queues"));
    }

    private static async Task<Testing.Broker> RequireAsync()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        var broker = await Testing.Broker.TryCreateAsync();
        Assert.SkipUnless(broker is not null, Testing.Broker.Missing);
        return broker!;
    }

    /// <summary>Sorted, with what matters only, without what lives and dies with one process or node.</summary>
    private static List<string> Lines(JsonObject definitions, string part) =>
        [.. definitions[part]!.AsArray().Select(item => item!.AsObject())
            .Where(item => !new[] { "name", "source", "destination" }.Any(name => item[name] is { } value && Passing().IsMatch((string)value!)))
            .Select(item => Line(new JsonObject(Told[part].Select(name => KeyValuePair.Create<string, JsonNode?>(name, name == "vhost" ? VirtualHost : item[name]?.DeepClone() ?? false)))))
            .Order(StringComparer.Ordinal)];

    private static string Text(JsonObject definitions) =>
        "{\n  \"vhosts\": [\n    {\"name\": \"" + VirtualHost + "\"}\n  ],\n"
        + string.Join(",\n", Told.Keys.Select(part => $"  \"{part}\": [\n{string.Join(",\n", Lines(definitions, part).Select(line => "    " + line))}\n  ]"))
        + "\n}\n";

    private static string Line(JsonNode node) => node switch
    {
        JsonObject map => "{" + string.Join(", ", map.Select(entry => $"{JsonSerializer.Serialize(entry.Key)}: {Line(entry.Value!)}")) + "}",
        _ => node.ToJsonString(),
    };

    [GeneratedRegex(@"^orchestrator\.(node\..*|(api|scheduler|health-monitor)\.[0-9a-f]{32})$")]
    private static partial Regex Passing();
}
