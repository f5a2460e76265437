using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Benchmarks;

/// <summary>
/// The same replicas, server and load under Docker Swarm, on the same engines. Clients find the service by its name, DNS round robin: Swarm's addresses
/// of services need IPVS, which not every kernel has, and of six replicas on three nodes only three could publish one port of their hosts.
/// </summary>
internal static class ZeroLossOfSwarm
{
    private const string Service = "bench-web";
    private const int Port = 8080;
    private const string Here = "http://127.0.0.1:8080/";

    public static async Task RunAsync(Lab lab, int nodes, int updates)
    {
        await SwarmOnLab.UpAsync(lab, nodes);
        await lab.DockerAsync(1, Create);
        var (one, other) = (await ClientAsync(lab, 1), await ClientAsync(lab, nodes));
        var changing = Stopwatch.StartNew();
        var busy = await MeasureAsync(one.Pid, other.Pid, async () =>
        {
            for (var i = 1; i <= updates; i++)
            {
                await lab.DockerAsync(1, ["service", "update", "--quiet", "--no-resolve-image", "--env-add", "REVISION=" + Text(i), Service]);
            }
        });
        var took = changing.Elapsed;
        var control = await MeasureAsync(one.Pid, other.Pid, () => Task.Delay(took, TimeProvider.System));
        ZeroLoss.Print("swarm-control", control, null);
        new Figure(ZeroLoss.Name, "swarm-requests", busy.Sum(answers => answers.Requests), "requests", null, "higher").Print();
        new Figure(ZeroLoss.Name, "swarm-update-s", Math.Round(took.TotalSeconds / updates, 1), "s", null, "lower").Print();
        ZeroLoss.Print("swarm-failed", busy, null);
        await lab.DockerAsync(1, ["rm", "-f", one.Id]);
        await lab.DockerAsync(nodes, ["rm", "-f", other.Id]);
        await lab.DockerAsync(1, ["service", "rm", Service]);
        await Until.IsAsync(() => ContainersAsync(lab, nodes), count => count == 0, "swarm has stopped all");
        await SwarmOnLab.DownAsync(lab, nodes);
    }

    /// <summary>Both ask as much as ours are asked; from outside, a name of Swarm's means nothing.</summary>
    private static async Task<IReadOnlyList<Answers>> MeasureAsync(string one, string other, Func<Task> happens)
    {
        using var first = new InsideAsker(one, ["-m", "-p"], Service, Port);
        using var second = new InsideAsker(other, ["-m", "-p"], Service, Port);
        await happens();
        return await Task.WhenAll(first.EndAsync(), second.EndAsync());
    }

    private static async Task<(string Id, string Pid)> ClientAsync(Lab lab, int node)
    {
        var volumes = SmallServer.Folders.SelectMany(folder => (string[])["-v", $"{folder}:{folder}:ro"]);
        var id = await lab.DockerAsync(node, ["run", "-d", "--network", SwarmOnLab.Overlay, .. volumes, "orch-test:1"]);
        return (id, await lab.DockerAsync(node, ["inspect", "-f", "{{.State.Pid}}", id]));
    }

    private static async Task<int> ContainersAsync(Lab lab, int nodes)
    {
        var running = await Task.WhenAll(Enumerable.Range(1, nodes).Select(node => lab.DockerAsync(node, ["ps", "-aq", "--filter", "label=com.docker.swarm.service.name=" + Service])));
        return running.Sum(ids => ids.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    /// <summary>A task has its name when its check is met. Checks are lines for a shell, which the image has under no name that Docker knows.</summary>
    private static IReadOnlyList<string> Create =>
    [
        "service", "create", "--quiet", "--name", Service, "--replicas", "6", "--no-resolve-image", "--endpoint-mode", "dnsrr", "--network", SwarmOnLab.Overlay,
        "--update-parallelism", "2", "--update-order", "start-first", "--update-monitor", "0s",
        "--health-cmd", $"/bin/busybox wget -q -O /dev/null {Here}", "--health-interval", "1s",
        "--mount", "type=bind,src=/bin/busybox,dst=/bin/sh,ro",
        .. SmallServer.Folders.SelectMany(folder => (string[])["--mount", $"type=bind,src={folder},dst={folder},ro"]),
        .. SmallServer.Variables(0).SelectMany(variable => (string[])["--env", variable]),
        "--entrypoint", Environment.ProcessPath!, "orch-test:1", .. SmallServer.Arguments(Port),
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
