using System.Globalization;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>Two machines, on the lab, whose agents are in containers, and a control plane on this machine with a broker that they reach with TLS.</summary>
internal sealed class ContainedAgents : IAsyncDisposable
{
    public const string Image = "orch-test-agent:1";
    public const string LaterImage = "orch-test-agent:2";
    public static readonly IReadOnlyList<int> Machines = [1, 2];
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(40);
    private readonly Stack<IAsyncDisposable> _owned = [];

    private ContainedAgents(Lab lab)
    {
        Lab = lab;
        _owned.Push(lab);
    }

    public Lab Lab { get; }

    public Cluster Control { get; private set; } = null!;

    /// <returns>What this machine lacks, as a skip names it; null when it lacks nothing.</returns>
    public static async Task<string?> FindMissingAsync() => await Cluster.MissingAsync() ?? await Lab.MissingAsync();

    public static async Task<ContainedAgents> StartAsync()
    {
        await BuildAsync();
        var machines = new ContainedAgents(await Lab.UpAsync(Machines.Count, Image, LaterImage, await Engine.ImageAsync(1)));
        try
        {
            await machines.StartControlAsync();
            return machines;
        }
        catch
        {
            await machines.DisposeAsync();
            throw;
        }
    }

    /// <summary>A second one differs in its label alone.</summary>
    private static async Task BuildAsync()
    {
        var dockerfile = Path.Combine(Repository.Root, "infra/docker/Dockerfile");
        (await Shell.RunAsync("docker", ["build", "-q", "-f", dockerfile, "--target", "node-agent", "-t", Image, Repository.Root], limit: BuildLimit)).OutputOrThrow();
        (await Shell.RunAsync("sh", ["-c", $"printf 'FROM {Image}\\nLABEL version=2\\n' | docker build -q -t {LaterImage} -"])).OutputOrThrow();
    }

    private async Task StartControlAsync()
    {
        var broker = await OwnBroker.TryStartAsync(Lab.HostAddress);
        Assert.SkipUnless(broker is not null, Broker.Missing);
        _owned.Push(broker);
        var mongo = Mongo.TryCreate()!;
        _owned.Push(mongo);
        Control = await Cluster.StartAsync(broker.ControlUri, mongo.Uri, new ClusterShape
        {
            Agents = 0,
            Options = new Dictionary<string, string>
            {
                ["Api__Join__BrokerManagement"] = broker.ManagementUri,
                ["Api__Join__BrokerAddress"] = broker.SecureAddress,
                ["Api__Join__CaFile"] = broker.CaFile,

                // A machine is powered off here: its task shall wait for it, however slow this one is.
                ["HealthMonitor__LostAfter"] = "00:02:00",
            },
        });
        _owned.Push(Control);
    }

    /// <summary>As the command line says it, with <c>--container</c>.</summary>
    public async Task JoinAsync(int machine)
    {
        var command = (await OrchAsync("node", "join-command")).Trim().Split(' ');
        Assert.Equal(["infra/agent.sh", "up"], command[..2]);
        await AgentAsync(machine, Image, [.. command[1..], "--container"]);
    }

    public async Task<string> AgentAsync(int machine, string image, params string[] arguments)
    {
        var script = Path.Combine(Repository.Root, "infra/agent.sh");
        var result = await Lab.TryAsync(["exec", Text(machine), "env", $"ORCH_STATE={Lab.AgentState(machine)}", $"ORCH_AGENT_IMAGE={image}", script, .. arguments]);
        Assert.True(result.ExitCode == 0, $"agent.sh {arguments[0]} on machine {machine}: {result.Error}{result.Output}");
        return result.Output + result.Error;
    }

    /// <summary>The agent's container, and the one that answers names; whatever runs.</summary>
    public async Task<(string Agent, string Names)> ContainersAsync(int machine) => (
        await Lab.DockerAsync(machine, "ps", "-q", "--no-trunc", "--filter", "name=^orchestrator-agent-"),
        await Lab.DockerAsync(machine, "ps", "-q", "--no-trunc", "--filter", "label=orchestrator.names"));

    public async Task<string> OrchAsync(params string[] arguments) => (await Control.OrchAsync(arguments)).OutputOrThrow();

    public async Task DeployAsync(string app, string compose)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, compose);
        await OrchAsync("deploy", "-f", file, "--app", app, "--wait", "--timeout", "120s");
        File.Delete(file);
    }

    /// <returns>The tasks of a service that are ready, by machine.</returns>
    public async Task<IReadOnlyDictionary<int, LabTask>> TasksAsync(string service) => await Lab.ReadyAsync(await OrchAsync("ps", service, "--json"));

    /// <returns>Devices, routes, tables, the engine's rules and networks, and containers of the cluster.</returns>
    public async Task<IReadOnlyList<string>> TracesAsync(int machine) => (await Lab.RunAsync(
        "exec", Text(machine), "sh", "-c",
        "ls /sys/class/net; ip -4 route; nft list tables; iptables -S; iptables -t nat -S; docker network ls --format '{{.Name}}'; docker ps -a --filter label=orchestrator.cluster --format '{{.Names}}'")).Split('\n');

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var owned))
        {
            await owned.DisposeAsync();
        }

        await Engine.RunAsync("rmi", LaterImage, Image);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
