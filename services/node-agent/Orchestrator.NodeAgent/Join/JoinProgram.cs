using System.Runtime.Versioning;
using Orchestrator.Messaging;

namespace Orchestrator.NodeAgent.Join;

/// <summary><c>join --token TOKEN [--broker ADDRESS] [--insecure]</c>: gets this machine its user, and ends.</summary>
[SupportedOSPlatform("linux")]
internal static class JoinProgram
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    /// <returns>0 joined, 1 refused or no answer, 2 wrong arguments.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, string folder)
    {
        try
        {
            var (token, insecure) = Parse(arguments);
            if (NodeCredentials.Read(folder) is { } already)
            {
                await Console.Error.WriteLineAsync($"node-agent: this machine is node {already.NodeId} already; nothing was changed");
                return 0;
            }

            RefuseOpenAddress(token, insecure);
            var nodeId = NodeCredentials.NodeIdIn(folder);
            using var limit = new CancellationTokenSource(AnswerLimit, TimeProvider.System);
            var (answer, ca) = await JoinRequester.AskAsync(token, nodeId, limit.Token);
            if (answer.User is null || answer.Password is null)
            {
                await Console.Error.WriteLineAsync("node-agent: not admitted: " + answer.Refusal);
                return 1;
            }

            NodeCredentials.Keep(folder, answer, token.Broker, ca);
            await Console.Error.WriteLineAsync($"node-agent: joined cluster {answer.ClusterId} as node {nodeId}");
            return 0;
        }
        catch (FormatException exception)
        {
            await Console.Error.WriteLineAsync("node-agent: " + exception.Message);
            return 2;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"node-agent: {exception.Message}; a token is good once and for a while: get another with 'orch node join-command'");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"node-agent: no answer within {AnswerLimit.TotalSeconds:0} s; is an API of the cluster running? Try the same command again");
            return 1;
        }
    }

    private static (JoinToken Token, bool Insecure) Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, string>();
        var insecure = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--insecure")
            {
                insecure = true;
                continue;
            }

            values[arguments[i]] = arguments[i] is "--token" or "--broker" && i + 1 < arguments.Count
                ? arguments[++i]
                : throw new FormatException($"'{arguments[i]}': write join --token TOKEN [--broker ADDRESS] [--insecure]");
        }

        var token = JoinToken.Parse(values.GetValueOrDefault("--token") ?? throw new FormatException("--token is missing; it is printed by 'orch node join-command'"));
        if (values.GetValueOrDefault("--broker") is not { } broker)
        {
            return (token, insecure);
        }

        return Uri.TryCreate(broker, UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps"
            ? (token with { Broker = address }, insecure)
            : throw new FormatException($"--broker '{broker}': write amqps://HOST:5671/orchestrator");
    }

    private static void RefuseOpenAddress(JoinToken token, bool insecure)
    {
        if (token.Broker.Scheme != "amqps" && !token.Broker.IsLoopback && !insecure)
        {
            throw new FormatException($"{token.Broker} is neither TLS nor this machine: passwords and commands would go in the open; give the broker a certificate (infra/certs.sh), or write --insecure on a network that you trust");
        }

        if (token.Broker.Scheme == "amqps" && token.CaSha256 is null)
        {
            throw new FormatException("the token names no authority for the broker's certificate; set Api__Join__CaFile at the API, then get another token");
        }
    }
}
