using System.Globalization;

namespace Orchestrator.Testing;

/// <summary>Several Docker engines on this machine, each as if on a machine of its own (<c>infra/lab/lab</c>); all goes when it is disposed.</summary>
public sealed class Lab : IAsyncDisposable
{
    /// <summary>API, scheduler and health monitor listen on ports that follow each other.</summary>
    private const int ControlServices = 3;
    private const string ControlGroups = "/sys/fs/cgroup";
    private static readonly string[] NamespaceKinds = ["net", "mnt", "uts"];
    private static readonly Lazy<Task<string?>> Lack = new(FindLackAsync);
    private readonly string _name = "t" + Guid.NewGuid().ToString("N")[..8];
    private readonly Dictionary<string, string> _environment = [];
    private readonly string _state = Directory.CreateTempSubdirectory("orch-test-lab-").FullName;

    private Api? _api;

    private Lab()
    {
    }

    /// <returns>What this machine lacks for a lab, as a skip names it; null when it lacks nothing.</returns>
    public static Task<string?> MissingAsync() => Lack.Value;

    /// <param name="nodes">How many.</param>
    /// <param name="images">Images of this machine's engine that every node gets.</param>
    public static async Task<Lab> UpAsync(int nodes, params IEnumerable<string> images)
    {
        var lab = new Lab();
        try
        {
            await lab.RunAsync(["up", Text(nodes), .. images]);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same with a cluster on it.</summary>
    /// <param name="mongo">The cluster's database.</param>
    /// <param name="nodes">How many.</param>
    /// <param name="images">Images of this machine's engine that every node gets.</param>
    public static Task<Lab> ClusterUpAsync(Mongo mongo, int nodes, params IEnumerable<string> images) =>
        ClusterUpAsync(mongo, nodes, new Dictionary<string, string>(), images);

    /// <param name="mongo">The cluster's database.</param>
    /// <param name="nodes">How many.</param>
    /// <param name="options">Of the services, by their variables: <c>HealthMonitor__LostAfter</c>.</param>
    /// <param name="images">Images of this machine's engine that every node gets.</param>
    public static async Task<Lab> ClusterUpAsync(Mongo mongo, int nodes, IReadOnlyDictionary<string, string> options, params IEnumerable<string> images)
    {
        var lab = new Lab();
        foreach (var (name, value) in options)
        {
            lab._environment[name] = value;
        }

        (lab._environment["ORCH_MONGO"], lab._environment["ORCH_PORT"]) = (mongo.Uri, Text(SingleNode.FreePorts(ControlServices)));
        try
        {
            await lab.RunAsync(["cluster", "up", Text(nodes), .. images]);
            lab._api = new Api(int.Parse(lab._environment["ORCH_PORT"], CultureInfo.InvariantCulture), Path.Combine(lab._state, lab._name, "cluster", "token"));
            await Until.IsAsync(lab._api.ReadyNodesAsync, ready => ready == nodes, "all nodes are ready");
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Of the cluster on the lab.</summary>
    public Api Api => _api ?? throw new InvalidOperationException("there is no cluster on this lab");

    /// <summary>The command line, against the cluster on the lab.</summary>
    public Task<ShellResult> OrchAsync(params IEnumerable<string> arguments) => Shell.RunAsync(
        "dotnet",
        [Repository.Program("Orchestrator.Cli", "orch"), .. arguments],
        new Dictionary<string, string> { ["ORCH_API"] = "http://127.0.0.1:" + _environment["ORCH_PORT"], ["ORCH_STATE"] = Path.Combine(_state, _name, "cluster") });

    /// <summary>Kills the agent of a node; its containers run on. <c>cluster up</c> starts it again.</summary>
    public async Task KillAgentAsync(int node) =>
        (await Shell.RunAsync("kill", ["-9", (await File.ReadAllTextAsync(Path.Combine(_state, _name, "node" + Text(node), "agent.pid"))).Trim()])).OutputOrThrow();

    public Task StartAgentsAsync(int nodes) => RunAsync("cluster", "up", Text(nodes));

    /// <summary>The address of the cluster's broker, with a user of it.</summary>
    public string Bus => File.ReadAllText(Path.Combine(_state, _name, "cluster", "bus")).Trim().Replace("rabbitmq://", "amqp://", StringComparison.Ordinal);

    /// <summary>The folder in which the agent of a node keeps what it knows.</summary>
    public string AgentState(int node) => Path.Combine(_state, _name, "node" + Text(node), "agent");

    /// <param name="arguments">What is written after <c>lab</c>.</param>
    public Task<ShellResult> TryAsync(params IEnumerable<string> arguments) => TryWithAsync(subnet: null, arguments);

    /// <param name="subnet">Which the lab is told to take; null lets it choose.</param>
    /// <param name="arguments">What is written after <c>lab</c>.</param>
    public Task<ShellResult> TryWithAsync(string? subnet, params IEnumerable<string> arguments)
    {
        var environment = new Dictionary<string, string>(_environment) { ["ORCH_LAB"] = _name, ["ORCH_LAB_STATE"] = _state, ["ORCH_LAB_SUBNET"] = subnet ?? "" };
        return Shell.RunAsync(Script, arguments, environment);
    }

    /// <summary>Runs one of the lab's commands.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<string> RunAsync(params IEnumerable<string> arguments) => (await TryAsync(arguments)).OutputOrThrow().Trim();

    /// <summary>The command line of Docker on the engine of a node.</summary>
    public Task<string> DockerAsync(int node, params IEnumerable<string> arguments) => RunAsync(["exec", Text(node), "docker", .. arguments]);

    /// <returns>Containers of the engine of a node; ids in full length.</returns>
    public async Task<IReadOnlyList<string>> ContainersAsync(int node, bool all, params IEnumerable<string> labels) => Engine.Lines(await DockerAsync(node, Engine.List(all, labels)));

    /// <summary>What is written before a command that is to run in a node: it dies and stands still with it, and has the process that was begun.</summary>
    public IReadOnlyList<string> In(int node) => ["env", "ORCH_LAB=" + _name, "ORCH_LAB_STATE=" + _state, Script, "exec", Text(node)];

    /// <returns>The row of a node in the lab's table: node, address, engine, link, state.</returns>
    public async Task<string[]> StatusAsync(int node) => (await RunAsync("status"))
        .Split('\n')
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Single(row => row[0] == "node" + Text(node));

    public string Address(int node) => $"{Subnet}.{Text(10 + node)}";

    /// <summary>Of this machine, as the nodes reach it.</summary>
    public string HostAddress => Subnet + ".1";

    /// <summary>Its first three numbers.</summary>
    public string Subnet => File.ReadAllText(Path.Combine(_state, _name, "subnet")).Trim();

    /// <returns>The namespaces of a node as the kernel names them: <c>net:[4026532000]</c>.</returns>
    public async Task<IReadOnlyList<string>> NamespacesAsync(int node) =>
        (await RunAsync("exec", Text(node), "readlink", "/proc/self/ns/net", "/proc/self/ns/mnt", "/proc/self/ns/uts")).Split('\n');

    /// <summary>Whether a process of this machine lives: one that is dead stays listed, as a zombie, until its parent has taken note.</summary>
    /// <param name="process">Its number.</param>
    public static bool Lives(string process) => Read($"/proc/{process}/stat") is { Length: > 0 } stat && !stat.Contains(") Z ", StringComparison.Ordinal);

    /// <param name="namespaces">Namespaces that were the lab's.</param>
    /// <returns>What is left of the lab on this machine: processes, mounts, links, control groups, files.</returns>
    public IReadOnlyList<string> Traces(IReadOnlyCollection<string> namespaces) =>
    [
        .. Directory.GetDirectories("/proc").Where(process => Read(process + "/cgroup").Contains($"/{_name}/", StringComparison.Ordinal)),
        .. Directory.GetDirectories("/proc").Where(process => NamespaceKinds.Any(kind => namespaces.Contains(Target($"{process}/ns/{kind}")))),
        .. File.ReadAllLines("/proc/self/mountinfo").Where(mount => mount.Contains(_state, StringComparison.Ordinal) || namespaces.Any(mount.Contains)),
        .. Directory.GetDirectories("/sys/class/net").Where(link => link.EndsWith(_name, StringComparison.Ordinal)),
        .. Directory.GetDirectories(ControlGroups).Append(ControlGroups).Select(hierarchy => $"{hierarchy}/orch-lab/{_name}").Where(Directory.Exists),
        .. Directory.Exists(_state) ? Directory.GetFileSystemEntries(_state) : [],
    ];

    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        await RunAsync("down");
        Directory.CreateDirectory(_state).Delete();
    }

    private static async Task<string?> FindLackAsync()
    {
        if (Environment.UserName != "root")
        {
            return "no root";
        }

        var namespaces = await Shell.RunAsync("unshare", ["--net", "--mount", "--uts", "sh", "-c", "ip link add veth0 type veth peer name veth1 && ip link add bridge0 type bridge && mount -t tmpfs tmpfs /mnt"]);
        if (namespaces.ExitCode != 0)
        {
            return "no network namespaces";
        }

        // A container, even a privileged one, may see its control groups and not be allowed to make any.
        var group = await Shell.RunAsync("sh", ["-c", $"cd {ControlGroups}/freezer 2>/dev/null || cd {ControlGroups} && mkdir orch-test.$$ && rmdir orch-test.$$"]);
        return group.ExitCode == 0 ? null : "no cgroup freezer";
    }

    private static string Script => Path.Combine(Repository.Root, "infra/lab/lab");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Processes come and go while they are looked at.
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Target(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: false)?.Name ?? "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
