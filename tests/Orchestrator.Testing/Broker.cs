using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Orchestrator.Testing;

/// <summary>A virtual host of its own on the local RabbitMQ.</summary>
public sealed class Broker : IAsyncDisposable
{
    public const string Missing = "no RabbitMQ";
    private static readonly Dictionary<string, string> ControlEnvironment = new() { ["RABBITMQ_NODENAME"] = "rabbit@localhost" };
    private static readonly Dictionary<string, string> BrokersHome = new() { ["HOME"] = "/var/lib/rabbitmq" };
    private static readonly string[] Parts = ["exchanges", "queues", "bindings"];
    private readonly string _name;
    private readonly string _password = Guid.NewGuid().ToString("N");
    private readonly HashSet<string> _users = [];

    private Broker(string name) => _name = name;

    public string Uri => $"rabbitmq://guest:guest@127.0.0.1:5672/{_name}";

    /// <summary>The same virtual host through a <see cref="TcpProxy"/>.</summary>
    public string UriAt(int port) => $"rabbitmq://guest:guest@127.0.0.1:{port}/{_name}";

    public string AmqpUri => $"amqp://guest:guest@127.0.0.1:5672/{_name}";

    /// <summary>The control plane's user of our definitions.</summary>
    public string ControlUri => $"amqp://{_name}:{_password}@127.0.0.1:5672/{_name}";

    /// <summary>The user of a node whose id <see cref="LoadDefinitionsAsync"/> was given.</summary>
    public string NodeUri(string nodeId) => $"amqp://node.{nodeId}:{_password}@127.0.0.1:5672/{_name}";

    /// <returns>Null when there is no broker whose virtual hosts we may make.</returns>
    public static async Task<Broker?> TryCreateAsync()
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", 5672);
            var broker = new Broker("orch-test-" + Guid.NewGuid().ToString("N")[..8]);
            var made = await EvaluateAsync($"""
                ok = rabbit_vhost:add({Text(broker._name)}, <<"test">>),
                ok = rabbit_auth_backend_internal:set_permissions(<<"guest">>, {Text(broker._name)}, <<".*">>, <<".*">>, <<".*">>, <<"test">>).
                """);
            return made ? broker : null;
        }
        catch (Exception exception) when (exception is SocketException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <returns>Name and consumers of each queue.</returns>
    public async Task<IReadOnlyDictionary<string, int>> QueuesAsync() => (await ListAsync($$$"""
        [binary_to_list(N) ++ "," ++ integer_to_list(C) ++ ";" || [{name,{resource,_,_,N}},{consumers,C}] <- rabbit_amqqueue:info_all({{{Text(_name)}}}, [name, consumers]), is_integer(C)]
        """))
        .Select(line => line.Split(','))
        .ToDictionary(fields => fields[0], fields => int.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture));

    public Task<IReadOnlyList<string>> ExchangesAsync() => ListAsync($$$"""
        [binary_to_list(N) ++ ";" || [{name,{resource,_,_,N}}] <- rabbit_exchange:info_all({{{Text(_name)}}}, [name])]
        """);

    /// <summary>Our exchanges and queues, with a user for the control plane and one for the node, as the broker's image gets them at its start.</summary>
    /// <param name="nodeId">Unique on this machine.</param>
    /// <param name="usersOnly">No exchange, no queue.</param>
    /// <param name="quorum">Queues as for a cluster of brokers.</param>
    public async Task LoadDefinitionsAsync(string nodeId, bool usersOnly = false, bool quorum = false)
    {
        var folder = Directory.CreateTempSubdirectory("orch-test-definitions-").FullName;
        var path = Path.Combine(folder, "definitions.json");
        var environment = new Dictionary<string, string>
        {
            ["ORCH_BROKER_VHOST"] = _name,
            ["ORCH_BROKER_USER"] = _name,
            ["ORCH_BROKER_PASSWORD"] = _password,
            ["ORCH_BROKER_ADMIN_USER"] = _name + "-admin",
            ["ORCH_BROKER_ADMIN_PASSWORD"] = _password,
            ["ORCH_NODE_ID"] = nodeId,
            ["ORCH_NODE_PASSWORD"] = _password,
            ["ORCH_QUORUM_QUEUES"] = quorum ? "true" : "false",
        };
        (await Shell.RunAsync("bash", [Path.Combine(Repository.Root, "infra/rabbitmq/render.sh"), path], environment)).OutputOrThrow();
        _users.UnionWith([_name, _name + "-admin", "node." + nodeId]);
        if (usersOnly)
        {
            var all = JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsObject();
            foreach (var part in Parts)
            {
                all[part] = new JsonArray();
            }

            await File.WriteAllTextAsync(path, all.ToJsonString());
        }

        var loaded = await EvaluateAsync($"ok = rabbit_definitions:import_raw({Text(await File.ReadAllTextAsync(path))}).");
        Directory.Delete(folder, recursive: true);
        if (!loaded)
        {
            throw new InvalidOperationException("the broker did not take the definitions");
        }
    }

    /// <summary>A user of the broker that may do this alone: patterns of names.</summary>
    /// <returns>The address with it.</returns>
    public async Task<string> AddUserAsync(string name, string configure, string write, string read)
    {
        _users.Add(name);
        var added = await EvaluateAsync($"""
            ok = rabbit_auth_backend_internal:add_user({Text(name)}, {Text(_password)}, <<"test">>),
            ok = rabbit_auth_backend_internal:set_permissions({Text(name)}, {Text(_name)}, {Text(configure)}, {Text(write)}, {Text(read)}, <<"test">>).
            """);
        return added ? $"amqp://{name}:{_password}@127.0.0.1:5672/{_name}" : throw new InvalidOperationException($"the broker did not take user {name}");
    }

    /// <returns>The broker's exchanges, queues and bindings of this virtual host, as a definitions file names them.</returns>
    public async Task<JsonObject> DefinitionsAsync()
    {
        // Of all virtual hosts at once; it fails when another test takes its own away meanwhile.
        var text = (await Until.IsAsync(() => ControlAsync("-q", "export_definitions", "-"), result => result.ExitCode == 0 && result.Output.Contains("{\"", StringComparison.Ordinal), "the broker tells its definitions")).Output;
        var all = JsonNode.Parse(text[text.IndexOf("{\"", StringComparison.Ordinal)..])!.AsObject();
        return new JsonObject(Parts.Select(part => KeyValuePair.Create(
            part, (JsonNode?)new JsonArray([.. all[part]!.AsArray().Where(item => (string?)item!["vhost"] == _name).Select(item => item!.DeepClone())]))));
    }

    /// <summary>Breaks every connection to this virtual host.</summary>
    public async Task BreakConnectionsAsync() => (await ControlAsync("-q", "close_all_connections", "-p", _name, "test")).OutputOrThrow();

    public async ValueTask DisposeAsync() => await EvaluateAsync(
        $"rabbit_vhost:delete({Text(_name)}, <<\"test\">>){string.Concat(_users.Select(user => $", rabbit_auth_backend_internal:delete_user({Text(user)}, <<\"test\">>)"))}.");

    private static string Text(string value) => $"<<\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\">>";

    /// <param name="strings">An expression of the broker's language: a list of strings, each with a semicolon at its end.</param>
    private static async Task<IReadOnlyList<string>> ListAsync(string strings)
    {
        var answer = await AnswerAsync($"lists:append({strings}).") ?? throw new InvalidOperationException($"the broker does not tell {strings}");
        return answer["{ok, ".Length..^1].Trim('"', '[', ']').Split(';', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <returns>False where it cannot be done.</returns>
    private static async Task<bool> EvaluateAsync(string expressions) => await AnswerAsync(expressions) is not null;

    /// <summary>In the broker itself: rabbitmqctl takes a second of a processor for each call, and hosts are made, looked at and removed all the time.</summary>
    /// <returns>Null where it cannot be done.</returns>
    private static async Task<string?> AnswerAsync(string expressions) =>
        await Shell.RunAsync("bash", ["-c", "erl_call -h \"test$$\" -sname rabbit@localhost -e <<<\"$0\"", expressions], BrokersHome) is { ExitCode: 0, Output: var output }
        && output.StartsWith("{ok,", StringComparison.Ordinal) ? output.Trim() : null;

    private static Task<ShellResult> ControlAsync(params IEnumerable<string> arguments) => Shell.RunAsync("rabbitmqctl", arguments, ControlEnvironment);
}
