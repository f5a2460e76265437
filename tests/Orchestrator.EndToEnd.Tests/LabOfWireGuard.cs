namespace Orchestrator.EndToEnd.Tests;

/// <summary>A cluster of two nodes that encrypt what they send each other.</summary>
public sealed class LabOfWireGuard : LabClusterFixture
{
    protected override async Task<string?> FindMissingAsync() =>
        await base.FindMissingAsync() ?? ((await Shell.RunAsync("sh", ["-c", "command -v wg && command -v wireguard-go && test -e /dev/net/tun"])).ExitCode == 0 ? null : "no WireGuard");

    protected override async Task<Lab> UpAsync(Mongo mongo) => await Lab.ClusterUpAsync(
        mongo, 2, new Dictionary<string, string> { ["NodeAgent__NetworkEncryption"] = "WireGuard", ["HealthMonitor__LostAfter"] = "00:02:00" }, await Engine.ImageAsync(1));

    protected override async Task FillAsync()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, LabCluster.Web(2));
        (await Lab.OrchAsync("deploy", "-f", file, "--app", "shop", "--wait", "--timeout", "120s")).OutputOrThrow();
        File.Delete(file);
    }
}
