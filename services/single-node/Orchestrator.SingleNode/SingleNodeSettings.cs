using System.Globalization;
using Orchestrator.Hosting;

namespace Orchestrator.SingleNode;

/// <summary>How the single node is started: command line first, then environment, then defaults.</summary>
internal sealed record SingleNodeSettings
{
    private const int DefaultPort = 7080;

    /// <summary>Holds the database, the token, and the ids of cluster and node.</summary>
    public required string StateFolder { get; init; }

    public required int Port { get; init; }

    /// <summary>Null: in memory.</summary>
    public string? Bus { get; init; }

    /// <summary>On RabbitMQ: <c>ORCH_QUORUM_QUEUES</c>.</summary>
    public bool QuorumQueues { get; init; }

    public string DatabasePath => Path.Combine(StateFolder, "orchestrator.db");

    public string TokenPath => Path.Combine(StateFolder, "token");

    /// <exception cref="FormatException">What is wrong, and what to write.</exception>
    public static SingleNodeSettings Parse(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var values = new Dictionary<string, string>();
        for (var i = 0; i < args.Count; i += 2)
        {
            if (args[i] is not ("--state" or "--port" or "--bus"))
            {
                throw new FormatException($"'{args[i]}' is no option; write --state FOLDER, --port NUMBER, --bus rabbitmq://…");
            }

            values[args[i]] = i + 1 < args.Count ? args[i + 1] : throw new FormatException($"{args[i]}: its value is missing");
        }

        var port = values.GetValueOrDefault("--port") ?? NonEmpty(environment("ORCH_PORT"));
        return new SingleNodeSettings
        {
            StateFolder = Path.GetFullPath(values.GetValueOrDefault("--state") ?? NonEmpty(environment("ORCH_STATE")) ?? DefaultState()),
            Port = port is null ? DefaultPort : ParsePort(port),
            Bus = values.GetValueOrDefault("--bus") ?? NonEmpty(environment("ORCH_BUS")),
            QuorumQueues = new ServiceSettings(environment).QuorumQueues,
        };
    }

    private static int ParsePort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65_535
            ? port
            : throw new FormatException($"port '{text}': write a number from 1 to 65535");

    private static string? NonEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string DefaultState() => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "orchestrator");
}
