using System.Globalization;

namespace Orchestrator.Benchmarks;

/// <summary>A control group that holds the engine while it is measured: dockerd, containerd and all that they start. What runs inside containers is not in it.</summary>
internal sealed class EngineCpu : IDisposable
{
    private const string Unified = "/sys/fs/cgroup";
    private const string Accounting = "/sys/fs/cgroup/cpuacct";
    private readonly bool _first = Directory.Exists(Accounting);
    private readonly string _folder;
    private readonly Dictionary<int, string> _homes = [];

    public EngineCpu()
    {
        var root = _first ? Accounting : Unified;
        _folder = Path.Combine(root, $"orch-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(_folder);
        foreach (var id in Processes())
        {
            _homes[id] = root + HomeOf(id);
            Move(id, _folder);
        }
    }

    public double Seconds() => _first
        ? double.Parse(File.ReadAllText(Path.Combine(_folder, "cpuacct.usage")), CultureInfo.InvariantCulture) / 1e9
        : double.Parse(File.ReadLines(Path.Combine(_folder, "cpu.stat")).First().Split(' ')[1], CultureInfo.InvariantCulture) / 1e6;

    public void Dispose()
    {
        var home = _homes.Values.First();
        foreach (var id in File.ReadLines(Path.Combine(_folder, "cgroup.procs")).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToList())
        {
            Move(id, _homes.GetValueOrDefault(id, home));
        }

        Directory.Delete(_folder);
    }

    /// <summary>The engine's process, containerd where it runs by itself, and what they have started that is in no container.</summary>
    private static List<int> Processes()
    {
        var all = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture));
        return [.. all.Where(id => NameOf(id) is "dockerd" or "containerd" || NameOf(id).StartsWith("containerd-shim", StringComparison.Ordinal))];
    }

    private static string NameOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/comm").Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private string HomeOf(int id)
    {
        var line = File.ReadLines($"/proc/{id}/cgroup").First(line => _first ? line.Split(':')[1].Split(',').Contains("cpuacct") : line.StartsWith("0::", StringComparison.Ordinal));
        return line[(line.LastIndexOf(':') + 1)..];
    }

    private static void Move(int id, string folder)
    {
        try
        {
            File.WriteAllText(Path.Combine(folder, "cgroup.procs"), id.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // It has ended.
        }
    }
}
