using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

[Trait("Lane", "faults")]
public sealed class SubnetsOnLab(LabOfThree three) : IClassFixture<LabOfThree>
{
    private const string Busybox = "/bin/busybox";

    [Fact]
    public async Task TheSubnetOfARemovedNode_IsTheNextNodes_AndContainersOnItAreReached()
    {
        var before = await SubnetsAsync(3);
        foreach (var node in new[] { 2, 3 })
        {
            await three.Lab.RunAsync("kill", $"{node}");
            (await three.Lab.OrchAsync("node", "rm", $"node{node}", "--force", "--timeout", "90s")).OutputOrThrow();
        }

        Assert.Equal([before["node1"]], (await SubnetsAsync(1)).Values);

        // Who comes first gets the first that is free, whoever had it; it had another itself.
        var (first, second) = string.CompareOrdinal(before["node2"], before["node3"]) < 0 ? (3, 2) : (2, 3);
        await three.Lab.RunAsync("start", $"{first}");
        var between = await SubnetsAsync(2);
        await three.Lab.RunAsync("start", $"{second}");
        var after = await SubnetsAsync(3);
        Assert.Equal(before[$"node{second}"], between[$"node{first}"]);
        Assert.Equal((before["node1"], before[$"node{second}"], before[$"node{first}"]), (after["node1"], after[$"node{first}"], after[$"node{second}"]));

        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, LabCluster.Web(3));
        (await three.Lab.OrchAsync("deploy", "-f", file, "--app", "shop", "--wait", "--timeout", "120s")).OutputOrThrow();
        File.Delete(file);
        var tasks = (await RowsAsync("ps", "shop/web", "--json")).Where(task => task.GetProperty("ready").GetBoolean())
            .Select(task => (Node: int.Parse(task.Text("node")[4..], System.Globalization.CultureInfo.InvariantCulture), Container: task.Text("containerId"))).ToList();
        Assert.Equal(3, tasks.Count);
        foreach (var (from, to) in tasks.SelectMany(from => tasks.Where(to => to != from).Select(to => (from, to))))
        {
            var address = await three.Lab.DockerAsync(to.Node, "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", to.Container);
            Assert.StartsWith(after[$"node{to.Node}"].Split('/')[0][..^1], address, StringComparison.Ordinal);
            await Until.IsAsync(
                async () => (await three.Lab.TryAsync("exec", $"{from.Node}", "docker", "exec", from.Container, Busybox, "timeout", "3", Busybox, "wget", "-q", "-O", "-", $"http://{address}:8080/")).Output,
                page => page.StartsWith("shop version 1", StringComparison.Ordinal),
                $"node {to.Node} is reached from node {from.Node}");
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> SubnetsAsync(int count) => await Until.IsAsync(
        async () => (IReadOnlyDictionary<string, string>)(await Task.WhenAll((await RowsAsync("node", "ls", "--json")).Select(async node =>
            (Name: node.Text("name"), Subnet: JsonSerializer.Deserialize<JsonElement>((await three.Lab.OrchAsync("node", "inspect", node.Text("name"), "--json")).OutputOrThrow()).Text("subnet")))))
            .ToDictionary(node => node.Name, node => node.Subnet),
        subnets => subnets.Count == count && subnets.Values.All(subnet => subnet.Length > 0),
        $"{count} nodes have subnets",
        TimeSpan.FromMinutes(2));

    private async Task<IReadOnlyList<JsonElement>> RowsAsync(params string[] command) =>
        [.. JsonSerializer.Deserialize<JsonElement>((await three.Lab.OrchAsync(command)).OutputOrThrow()).EnumerateArray()];
}
